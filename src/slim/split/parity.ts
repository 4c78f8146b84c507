import type { StageFacts } from '../facts/index.ts'
import type { PlanInput } from '../types.ts'
import type { Recipe } from './types.ts'

/**
 * Instructions for what the fat base sets, the lean one does not, and the Dockerfile leaves to its base: the working
 * directory, the user, the stop signal, variables that the recipe names, and directories of PATH that the project put
 * programs in. Nothing when the lean base's configuration is unknown.
 */
export function parityLines(
  { facts, fatTree, leanBaseConfig }: PlanInput,
  stage: StageFacts,
  { env: wanted }: Recipe,
): readonly string[] {
  if (!leanBaseConfig) return []
  const [fat, lean] = [facts.config.config, leanBaseConfig.config]
  const kinds = new Set(stage.instructions.map(({ instruction }) => instruction.kind))
  const set = new Set(
    stage.instructions.flatMap(({ instruction }) =>
      instruction.kind === 'env' ? instruction.pairs.map(({ key }) => key) : [],
    ),
  )
  const fatEnv = new Map((fat.Env ?? []).map(pairOf))
  const leanEnv = new Map((lean.Env ?? []).map(pairOf))
  const lines: string[] = []
  for (const [name, value] of fatEnv)
    if (name !== 'PATH' && !set.has(name) && wanted?.(name) && leanEnv.get(name) !== value)
      lines.push(`ENV ${name}=${quoted(value)}`)
  const paths = [...programDirs(fatEnv.get('PATH') ?? '')].filter((dir) => {
    const own = fatTree
      .readdir(dir)
      .some((name) => (fatTree.lookup(`${dir}/${name}`)?.layer ?? -1) >= facts.baseLayers)
    return own && !programDirs(leanEnv.get('PATH') ?? '').has(dir)
  })
  if (!set.has('PATH') && paths.length > 0) lines.push(`ENV PATH=${paths.join(':')}:$PATH`)
  const workdir = fat.WorkingDir ?? ''
  if (!kinds.has('workdir') && workdir !== '' && workdir !== '/' && workdir !== lean.WorkingDir)
    lines.push(`WORKDIR ${workdir}`)
  if (!kinds.has('user') && (fat.User ?? '') !== (lean.User ?? ''))
    lines.push(`USER ${fat.User === undefined || fat.User === '' ? 'root' : fat.User}`)
  if (!kinds.has('stopsignal') && fat.StopSignal && fat.StopSignal !== lean.StopSignal)
    lines.push(`STOPSIGNAL ${fat.StopSignal}`)
  return lines
}

function programDirs(path: string): ReadonlySet<string> {
  return new Set(path.split(':').filter((dir) => dir.startsWith('/')))
}

function pairOf(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

function quoted(value: string): string {
  return /^[\w./:@%+=,-]*$/.test(value) ? value : `"${value.replace(/["\\$]/g, '\\$&')}"`
}
