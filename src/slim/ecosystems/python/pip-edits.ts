import type { Edit } from '../../../dockerfile/index.ts'
import type { RunWord } from '../../facts/index.ts'
import type { PipArgument, PipInstall } from './pip-command.ts'
import type { PipSource } from './pip-source.ts'

/** Turns `pip install` into `pip wheel`, keeping what decides how wheels are made. */
export function wheelEdits(text: string, { install }: PipSource, dir: string): readonly Edit[] {
  return [
    replace(install.verb, `wheel --wheel-dir ${dir}`),
    ...argumentEdits(text, install, (one) => one.build),
  ]
}

/**
 * Turns `pip install` into one that takes wheels from a directory and asks nobody else: by the same names, or by file
 * where the requirements say something that would make pip refuse the wheels.
 */
export function installEdits(text: string, source: PipSource, dir: string): readonly Edit[] {
  const { install, byFile } = source
  if (byFile === null)
    return [
      replace(install.verb, `install --no-cache-dir --no-index --find-links=${dir}`),
      ...argumentEdits(text, install, (one) => one.install),
    ]
  const [first] = install.arguments.filter(isSource)
  const files = `${dir}/*.whl`
  return [
    replace(install.verb, 'install --no-cache-dir --no-index --no-deps'),
    ...argumentEdits(text, install, (one) => {
      if (one === first) return files
      if (isSource(one) || one.option === '--no-deps') return null
      return one.install
    }),
  ]
}

/** A requirement, or an option that names some. */
function isSource(one: PipArgument): boolean {
  return (
    one.option === null ||
    one.option === '--requirement' ||
    one.option === '--constraint' ||
    one.option === '--editable' ||
    one.option === '--group'
  )
}

function argumentEdits(
  text: string,
  install: PipInstall,
  textOf: (one: PipArgument) => string | null,
): readonly Edit[] {
  return install.arguments.flatMap((one) => {
    const [first, ...rest] = one.words
    const last = one.words.at(-1)
    const wanted = textOf(one)
    if (!first || !last || wanted === first.text) return []
    if (wanted === null) return [remove(text, install.command.words, first, last)]
    const gone = rest.length > 0 && !wanted.startsWith('-')
    return [
      { range: { start: first.range.start, end: (gone ? last : first).range.end }, text: wanted },
    ]
  })
}

/** Takes words out with the gap before them; with the gap after them when a comment stands before. */
function remove(text: string, words: readonly RunWord[], first: RunWord, last: RunWord): Edit {
  const before = words[words.indexOf(first) - 1]
  const after = words[words.indexOf(last) + 1]
  const gap = (from: number, to: number): boolean => !text.slice(from, to).includes('#')
  const { start } = first.range
  const { end } = last.range
  if (before && gap(before.range.end, start))
    return { range: { start: before.range.end, end }, text: '' }
  if (after && gap(end, after.range.start))
    return { range: { start, end: after.range.start }, text: '' }
  return { range: { start, end }, text: '' }
}

function replace(word: RunWord, text: string): Edit {
  return { range: word.range, text }
}
