import type { Instruction } from '../../dockerfile/index.ts'
import type { ImageConfig } from '../../image/index.ts'

/** What always makes a layer, with the word its history entry begins with. WORKDIR makes one only sometimes. */
const makers: ReadonlySet<Instruction['kind']> = new Set(['run', 'copy', 'add'])

/**
 * The layer of each instruction of the last stage, by the order of the image's history: RUN, COPY and ADD make one
 * layer each, a WORKDIR layer is recognised by its text. All null when the counts do not agree (a squashed image).
 */
export function layersOf(
  instructions: readonly Instruction[],
  config: ImageConfig,
  baseLayers: number,
): readonly (number | null)[] {
  const filled = config.history.filter((entry) => entry.empty_layer !== true)
  const own = filled
    .map((entry, layer) => ({ layer, text: entry.created_by ?? '' }))
    .slice(baseLayers)
    .filter(({ text }) => !/^(?:\/bin\/sh -c #\(nop\)\s+)?WORKDIR\b/i.test(text))
  const counted = instructions.filter((one) => makers.has(one.kind)).length
  if (filled.length !== config.rootfs.diff_ids.length || counted !== own.length)
    return instructions.map(() => null)
  let next = 0
  return instructions.map((one) => (makers.has(one.kind) ? (own[next++]?.layer ?? null) : null))
}
