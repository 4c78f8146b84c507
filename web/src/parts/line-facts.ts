import type { Image, PageData, PageStep } from '../data.ts'
import type { LayerRef } from '../state.ts'

/** What is known of one instruction: the bytes of its layer, the layer if the image has it, and its step of the build. */
export type LineFact = {
  readonly bytes: number | null
  /** 0 = lowest; null where the image has no such layer, as in a build stage. */
  readonly layer: number | null
  readonly step: PageStep | null
}

export type LineFacts = ReadonlyMap<number, LineFact>

type Side = LayerRef['side']

/** By the first line of each instruction. A FROM has the bytes of its base where one of the two images brought it. */
export function lineFacts(data: PageData, side: Side): LineFacts {
  const image = side === 'before' ? data.before : data.after
  const out = new Map<number, LineFact>()
  const add = (line: number, part: Partial<LineFact>): void => {
    out.set(line, { ...(out.get(line) ?? { bytes: null, layer: null, step: null }), ...part })
  }
  for (const step of data.steps)
    if (step.side === side && step.line !== null) add(step.line, { bytes: step.bytes, step })
  for (const [index, { line, bytes }] of image?.layers.entries() ?? [])
    if (line !== null) add(line, { bytes, layer: index })
  for (const { line, from, final } of data.stages[side]) {
    const bytes = final && image ? baseBytes(image) : (baseSizes(data).get(from) ?? null)
    if (bytes !== null) add(line, { bytes })
  }
  return out
}

/** Bytes of the layers below the first that the Dockerfile made. */
function baseBytes(image: Image): number {
  return image.layers.reduce((sum, { line, bytes }) => sum + (line === null ? bytes : 0), 0)
}

/** What each base weighs, by its name in FROM. */
function baseSizes({ before, after, stages }: PageData): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const [image, graph] of [[before, stages.before] as const, [after, stages.after] as const]) {
    const last = graph.at(-1)
    const own = last && graph.some(({ name, final }) => !final && name === last.from)
    if (image && last && !own) sizes.set(last.from, baseBytes(image))
  }
  return sizes
}
