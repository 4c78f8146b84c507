export type ExampleSettings = {
  readonly context: string
  readonly file: string
  readonly probes: readonly string[]
  readonly args: Readonly<Record<string, string>>
  readonly prepare: string | null
  readonly refusal: string | null
  readonly verdict: string
  readonly handwritten: string
}
export function examplesIn(examples: string): readonly string[]
export function settingsOf(project: string): ExampleSettings
export function layOut(project: string, settings: ExampleSettings, place: string): string | null
export function slimWords(place: string, settings: ExampleSettings): readonly string[]
export function examplesStore(): string
