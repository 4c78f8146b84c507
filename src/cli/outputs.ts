import { type Output, parseOutput, withAnnotations } from '../app/index.ts'
import { Fault } from '../base/index.ts'
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
  {
    long: 'annotation',
    kind: 'list',
    value: 'KEY=VALUE',
    help: 'Annotation of the manifest that is pushed or written (manifest:KEY=VALUE is the same)',
  },
  { long: 'load', kind: 'bool', help: 'Give the image to the Docker Engine too' },
  { long: 'push', kind: 'bool', help: 'Push the image to the registries of its tags' },
]

/** @throws Fault USAGE */
export function outputsOf(flags: ParsedFlags): readonly Output[] {
  const annotations = annotationsOf(flags.list('annotation'))
  const outputs = plainOutputs(flags).map((output) => withAnnotations(output, annotations))
  if (outputs.length > 0 || flags.list('annotation').length === 0) return outputs
  throw invalid(
    'an image of the store has no manifest that annotations could be in',
    'they travel with --push, --output type=registry and --output type=oci',
  )
}

/** `[manifest:]KEY=VALUE`. What is made is one image: there is no index. */
function annotationsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, level, key = '', value] =
        /^(?:((?:manifest|index)(?:-descriptor)?(?:,[a-z,-]+)?)(?:\[[^\]]*\])?:)?([^=]+)=(.*)$/s.exec(
          text,
        ) ?? []
      if (value === undefined)
        throw invalid(`invalid annotation ${JSON.stringify(text)}`, 'write --annotation KEY=VALUE')
      if (level !== undefined && level !== 'manifest')
        throw invalid(
          `there is no ${level} to annotate: ${text}`,
          'one image has a manifest and no index: write --annotation KEY=VALUE',
        )
      return [key, value]
    }),
  )
}

function invalid(message: string, hint: string): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint })
}

function plainOutputs(flags: ParsedFlags): readonly Output[] {
  return [
    ...flags.list('output').map((text) => parseOutput(text, archiveCompression)),
    ...(flags.bool('load') ? [{ type: 'engine' } as const] : []),
    ...(flags.bool('push') ? [{ type: 'registry', names: [] } as const] : []),
  ]
}
