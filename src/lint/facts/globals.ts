import { platformArgs } from '../../build/index.ts'
import { type ArgInstruction, expandWord } from '../../dockerfile/index.ts'
import type { Platform } from '../../image/index.ts'

export type Given = Readonly<Record<string, string>>

/** The arguments that exist before the first ARG: platforms and the target's name, which `--build-arg` may replace. */
export function predefinedArgs(
  platform: Platform,
  target: string,
  given: Given,
): ReadonlyMap<string, string> {
  const all = platformArgs(platform, target === '' ? 'default' : target)
  for (const name of ['BUILDOSVERSION', 'TARGETOSVERSION']) all.set(name, '')
  for (const name of all.keys()) if (given[name] !== undefined) all.set(name, given[name])
  return all
}

/** Global ARGs in order over the predefined ones. `failure` is BuildKit's message and the ARG it is about. */
export function globalValues(
  predefined: ReadonlyMap<string, string>,
  instructions: readonly ArgInstruction[],
  { given, escape: escapeUnit }: { readonly given: Given; readonly escape: string },
): {
  readonly values: ReadonlyMap<string, string>
  readonly failure: { readonly instruction: ArgInstruction; readonly message: string } | null
} {
  const values = new Map(predefined)
  for (const instruction of instructions) {
    for (const { key, value } of instruction.pairs) {
      const fixed = given[key]
      if (fixed !== undefined) values.set(key, fixed)
      else if (value !== null) {
        const expanded = expandWord(value, (name) => values.get(name), { escape: escapeUnit })
        if (expanded.error !== undefined)
          return { values, failure: { instruction, message: expanded.error } }
        values.set(key, expanded.value)
      }
    }
  }
  return { values, failure: null }
}
