import { type Output, parseOutput } from '../app/index.ts'
import { archiveCompression } from './compression.ts'
import type { FlagSpec, ParsedFlags } from './flags.ts'

/** Flags of `build` that say where its result goes besides the store. */
export const outputFlags: readonly FlagSpec[] = [
  {
    long: 'output',
    short: 'o',
    kind: 'list',
    value: 'type=TYPE,dest=PATH',
    help: 'Also write the result: docker, oci, tar, local, registry; a folder; - for a tar (repeatable)',
  },
  { long: 'load', kind: 'bool', help: 'Give the image to the Docker Engine too' },
  { long: 'push', kind: 'bool', help: 'Push the image to the registries of its tags' },
]

/** @throws Fault USAGE */
export function outputsOf(flags: ParsedFlags): readonly Output[] {
  return [
    ...flags.list('output').map((text) => parseOutput(text, archiveCompression)),
    ...(flags.bool('load') ? [{ type: 'engine' } as const] : []),
    ...(flags.bool('push') ? [{ type: 'registry', names: [] } as const] : []),
  ]
}
