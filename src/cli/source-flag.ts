import { imagePlaces, nameFrom } from '../app/index.ts'
import type { FlagSpec, ParsedFlags } from './flags.ts'

export const sourceFlag: FlagSpec = {
  ...{ long: 'source', kind: 'string', value: 'PLACE' },
  help: `Where images are: ${imagePlaces.join(', ')}; the same as NAME, docker://NAME, docker-daemon:NAME, a path or oci:DIR`,
}

/** The images of a command line as `openImage` takes them. @throws Fault USAGE */
export function sourcedNames(flags: ParsedFlags): readonly string[] {
  return flags.positional.map((name) => nameFrom(flags.text('source'), name))
}
