import { posix } from 'node:path'
import type { InstructionFacts } from '../facts/index.ts'
import type { Hit, Rule } from '../types.ts'
import { argumentsOf, finalInstructions, programOf } from './final-image.ts'
import { withWritten } from './written-paths.ts'

/** S18: the same files in two layers, or in two places of the image. */
export const filesStoredTwice: Rule = {
  id: 'FilesStoredTwice',
  description: 'The same files should be in one layer and one place only',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    const seen = new Map<string, InstructionFacts>()
    for (const one of finalInstructions(facts))
      for (const copied of foldersCopied(one)) {
        const twin = twinOf(seen, copied, one)
        if (twin) yield copiedAgain(facts.dockerfile.text, copied, { by: one, twin })
      }
    for (const { facts: one, directory, written } of withWritten(facts)) {
      const run = one.run()
      if (!run) continue
      for (const command of run.script.commands) {
        const program = programOf(command)
        const words = argumentsOf(command)
        if (program !== 'mv' && !(program === 'cp' && words.some(isRecursive))) continue
        const sources = words.filter((word) => !word.startsWith('-')).slice(0, -1)
        const paths = sources.map((word) => posix.resolve(directory, word.replace(/\/\*$/, '')))
        const hit = written.find(({ path }) => paths.some((from) => within(path, from)))
        if (!hit) continue
        yield {
          message: `${program} stores the files of ${hit.path} a second time: the layer of ${hit.by.instruction.keyword.toUpperCase()} keeps them`,
          instruction: run.instruction,
          range: run.place(command.range),
        }
      }
    }
  },
}

/** A folder that an instruction copies, and the stage or image it comes from: empty for the build context. */
type Copied = { readonly from: string; readonly path: string }

/** Single files may well be wanted twice; what spells like a folder, or comes out of a stage, is more. */
function* foldersCopied({ instruction, words }: InstructionFacts): Iterable<Copied> {
  if (instruction.kind !== 'copy' || instruction.heredocs.length > 0) return
  if (instruction.flags.some(({ name }) => name === 'exclude')) return
  const from = instruction.flags.findLast(({ name }) => name === 'from')?.value ?? ''
  for (const word of words) {
    const path = posix.resolve('/', word)
    const folder = word.endsWith('/') || path === '/' || !/[.*?[]/.test(posix.basename(path))
    if (folder) yield { from: from.toLowerCase(), path }
  }
}

/**
 * An earlier instruction that copied the folder, and remembers this one. Of a stage, a folder and a part of it are the
 * same files. Of the context only the very same folder counts: a part that is copied first keeps the cache of the steps
 * between, and one that is copied later may be a small file.
 */
function twinOf(
  seen: Map<string, InstructionFacts>,
  { from, path }: Copied,
  by: InstructionFacts,
): InstructionFacts | undefined {
  const whole = (at: string): string => `${from}\0${at}`
  const part = (at: string): string => `${from}\0\0${at}`
  const above = from === '' ? [] : ancestors(path)
  const found = [seen.get(part(path)), ...[path, ...above].map((at) => seen.get(whole(at)))]
  for (const key of [whole(path), ...above.map(part)]) if (!seen.has(key)) seen.set(key, by)
  return found.find((other) => other !== undefined && other !== by)
}

function ancestors(path: string): string[] {
  const above: string[] = []
  for (let at = path; at !== '/'; ) {
    at = posix.dirname(at)
    above.push(at)
  }
  return above
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

function copiedAgain(
  text: string,
  { from, path }: Copied,
  { by, twin }: { readonly by: InstructionFacts; readonly twin: InstructionFacts },
): Hit {
  const line = text.slice(0, twin.instruction.range.start).split('\n').length
  return {
    message: `the files of ${from === '' ? path.slice(1) || '.' : path} are in the image already: line ${line} copied them`,
    instruction: by.instruction,
  }
}

function isRecursive(word: string): boolean {
  return word === '--recursive' || word === '--archive' || /^-[a-zA-Z]*[rRa]/.test(word)
}
