import type { FileTree } from '../../image/index.ts'
import { type InstructionFacts, resolveDir, type StageFacts } from '../facts/index.ts'
import type { RoledRun } from './types.ts'

/**
 * True for a COPY whose files a later COPY brings again, with no RUN of the runtime between them: `COPY go.mod ./` for
 * a layer of downloads before `COPY . .`.
 */
export function isReplaced(
  tree: FileTree,
  stage: StageFacts,
  index: number,
  runs: ReadonlyMap<number, RoledRun>,
): boolean {
  const paths = pathsOf(tree, stage.instructions[index])
  if (paths.length === 0) return false
  const later = paths.map((path) => {
    const layer = tree.lookup(path)?.layer
    return stage.instructions.findIndex(
      (one) => one.layer === layer && /^(?:copy|add)$/.test(one.instruction.kind),
    )
  })
  if (later.some((at) => at <= index)) return false
  const runsBetween = [...runs].filter(([at]) => at > index && at < Math.min(...later))
  return runsBetween.every(([, { commands }]) =>
    commands?.every(({ role }) => role.kind !== 'other' && role.kind !== 'prepared'),
  )
}

/** Where the files of a COPY land; nothing when its text does not say so. */
function pathsOf(tree: FileTree, one: InstructionFacts | undefined): readonly string[] {
  const instruction = one?.instruction
  if (!one || (instruction?.kind !== 'copy' && instruction?.kind !== 'add')) return []
  const names = instruction.sources.map(({ text }) => text.replace(/^.*\//, ''))
  const target = instruction.destination.text
  if ([...names, target].some((word) => word === '' || /[*?[$]/.test(word))) return []
  const path = resolveDir(one.before.workdir, target)
  const into = target.endsWith('/') || names.length > 1 || tree.lookup(path)?.kind === 'dir'
  const paths = into ? names.map((name) => `${path === '/' ? '' : path}/${name}`) : [path]
  return paths.every((one) => tree.lookup(one)?.kind === 'file') ? paths : []
}
