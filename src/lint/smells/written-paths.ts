import { posix } from 'node:path'
import type { InstructionFacts, LintFacts } from '../facts/index.ts'
import { finalInstructions } from './final-image.ts'

/** A path of the final image that a COPY or ADD wrote, before `instruction` of the same image. */
export type Written = { readonly path: string; readonly by: InstructionFacts }

/** Every instruction of the final image with its working directory and what was copied before it: use it at once, it grows. */
export function* withWritten(facts: LintFacts): Iterable<{
  readonly facts: InstructionFacts
  readonly directory: string
  readonly written: readonly Written[]
}> {
  let directory = '/'
  const written: Written[] = []
  for (const one of finalInstructions(facts)) {
    yield { facts: one, directory, written }
    const { instruction, words } = one
    if (instruction.kind === 'workdir') directory = posix.resolve(directory, words[0] ?? '')
    if (instruction.kind === 'copy' || instruction.kind === 'add')
      for (const path of targets(one, directory)) written.push({ path, by: one })
  }
}

/** `dest/name` for each source when the destination is a directory by its spelling, else the destination itself. */
function targets({ instruction, words, env }: InstructionFacts, directory: string): string[] {
  if (instruction.kind !== 'copy' && instruction.kind !== 'add') return []
  const text = instruction.destination.text.replaceAll(
    /\$\{?(\w+)\}?/g,
    (_, name: string) => env.get(name) ?? '',
  )
  const destination = posix.resolve(directory, text)
  const isFolder = text.endsWith('/') || text === '.' || words.length > 1
  const contents = words.some((word) => /^\.?\/?$/.test(word) || word.endsWith('/'))
  if (!isFolder || contents) return [destination]
  return words.map((word) => posix.join(destination, posix.basename(word)))
}
