import type { Edit } from '../../../dockerfile/index.ts'
import { type FileTree, resolvePath } from '../../../image/index.ts'
import type { InstructionFacts, RunCommand, StageFacts } from '../../facts/index.ts'
import type { NodeEvidence } from './evidence.ts'
import { type Manager, type ManagerCommand, managerCommand } from './manager-command.ts'

/** How development dependencies and what node-gyp left disappear from the builder. */
export type Prune = {
  /** Options for install lines: nothing after them needs development dependencies. By index of the instruction. */
  readonly edits: ReadonlyMap<number, readonly Edit[]>
  /** Commands at the end of the builder. */
  readonly commands: readonly string[]
  /** False when development dependencies stay. */
  readonly development: boolean
}

type Install = {
  readonly index: number
  readonly command: RunCommand
  readonly call: ManagerCommand
}

/** Scripts that installers run by themselves and that may need development dependencies: `"prepare": "husky"`. */
const lifecycle = [
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'prepublish',
  'preprepare',
  'postprepare',
]

/** Decides how the builder gets rid of what only building needed. */
export function pruneOf(tree: FileTree, stage: StageFacts, evidence: NodeEvidence): Prune {
  const installs = installsOf(stage)
  const workdir = stage.instructions[lastBuild(stage)]?.before.workdir ?? '/'
  const clean = cleanCommands(tree, evidence, workdir)
  const needed =
    evidence.packed === null &&
    evidence.stays === null &&
    evidence.projects.some((one) => one.development.length > 0)
  const last = installs.at(-1)
  if (!needed || !last || isBerry(tree, evidence))
    return { edits: new Map(), commands: clean, development: false }
  if (evidence.bundled !== null && usesDevelopment(stage, evidence, installs))
    return { edits: new Map(), commands: [], development: true }
  if (!usesDevelopment(stage, evidence, installs)) {
    const edits = new Map<number, Edit[]>()
    for (const { index, call } of installs.filter((one) => !leavesOut(one.call)))
      edits.set(index, [
        ...(edits.get(index) ?? []),
        {
          range: { start: call.optionAt, end: call.optionAt },
          text: ` ${omit(call.manager, tree)}`,
        },
      ])
    return { edits, commands: clean, development: true }
  }
  return {
    edits: new Map(),
    commands: [...clean, ...prunes(evidence, workdir, pruneCommand(last.call, tree))],
    development: true,
  }
}

/** The last RUN that installs or builds: where it stood is where the end of the builder stands. */
function lastBuild(stage: StageFacts): number {
  return stage.instructions.findLastIndex(({ run }) =>
    (run?.commands ?? []).some((command) => managerCommand(command) !== null || isBuild(command)),
  )
}

/** Projects with something to leave out; what workspaces have in folders of their own goes with the outer one. */
function outermost({ projects }: NodeEvidence): NodeEvidence['projects'] {
  return projects.filter(
    (one) =>
      one.development.length > 0 &&
      !projects.some(
        (other) => one.path.startsWith(`${other.path}/`) && other.development.length > 0,
      ),
  )
}

/** The project of the working directory comes first: the others change it. */
function prunes(evidence: NodeEvidence, workdir: string, command: string): readonly string[] {
  return outermost(evidence)
    .map(({ path }) => path)
    .sort((a, b) => Number(b === workdir) - Number(a === workdir) || (a < b ? -1 : 1))
    .map((path) => (path === workdir ? command : `cd ${path} && ${command}`))
}

function leavesOut({ options }: ManagerCommand): boolean {
  return options.some((text) =>
    /^--(?:omit=dev|production|prod|only=prod(?:uction)?)$|^-P$/.test(text),
  )
}

function installsOf(stage: StageFacts): readonly Install[] {
  return stage.instructions.flatMap(({ run }, index) =>
    (run?.commands ?? []).flatMap((command) => {
      const call = managerCommand(command)
      return call?.kind === 'install' && command.plain ? [{ index, command, call }] : []
    }),
  )
}

/** Something after the first install builds, or the installer itself runs a script of the project. */
function usesDevelopment(
  stage: StageFacts,
  { projects }: NodeEvidence,
  installs: readonly Install[],
): boolean {
  if (projects.some(({ scripts }) => lifecycle.some((name) => name in scripts))) return true
  const first = installs[0]?.index ?? 0
  return stage.instructions.some(
    (one, index) => index >= first && (one.run?.commands ?? []).some(isBuild),
  )
}

function isBuild(command: RunCommand): boolean {
  const kind = managerCommand(command)?.kind
  if (kind !== undefined) return kind === 'script' || kind === 'other'
  return (
    command.system === null &&
    !/^(?:cd|mkdir|chown|chmod|rm|ln|cp|mv|echo|useradd|groupadd|adduser|addgroup|set|export|true)$/.test(
      command.name,
    )
  )
}

function omit(manager: Manager, tree: FileTree): string {
  if (manager === 'npm') return isOldNpm(tree) ? '--production' : '--omit=dev'
  return manager === 'yarn' ? '--production' : '--prod'
}

function pruneCommand({ manager, options }: ManagerCommand, tree: FileTree): string {
  const same = options.filter((text) =>
    /^--(?:legacy-peer-deps|force|strict-peer-deps)$/.test(text),
  )
  const tail = same.length === 0 ? '' : ` ${same.join(' ')}`
  if (manager === 'npm') return `npm prune ${omit('npm', tree)}${tail}`
  return manager === 'yarn'
    ? 'yarn install --production --ignore-scripts --prefer-offline'
    : 'CI=true pnpm prune --prod'
}

/** `--omit` came with npm 7. */
function isOldNpm(tree: FileTree): boolean {
  const { path, entry } = resolvePath(tree, '/usr/local/lib/node_modules/npm/package.json')
  if (entry?.kind !== 'file') return false
  const version = /"version":\s*"(\d+)/.exec(new TextDecoder().decode(tree.read(path)))?.[1]
  return version !== undefined && Number(version) < 7
}

/** Yarn 2 and later have no `--production`, and may have no node_modules at all. */
function isBerry(tree: FileTree, { projects }: NodeEvidence): boolean {
  return projects.some(({ path }) => tree.lookup(`${path}/.yarnrc.yml`) !== undefined)
}

/** What node-gyp and node-pre-gyp leave beside an addon: several times its size. */
const objects = [
  { under: 'build/Release', name: /^obj(?:\.target)?$/, path: '*/build/Release/obj*' },
  { under: '', name: /^build-tmp-/, path: '*/build-tmp-*' },
]

function cleanCommands(
  tree: FileTree,
  { compiled, projects }: NodeEvidence,
  workdir: string,
): readonly string[] {
  const found = objects.filter(({ under, name }) =>
    compiled.some(({ path }) =>
      tree.readdir(under === '' ? path : `${path}/${under}`).some((one) => name.test(one)),
    ),
  )
  if (found.length === 0) return []
  const paths = found.map(({ path }) => `-path '${path}'`).join(' -o ')
  const test = found.length === 1 ? paths : `\\( ${paths} \\)`
  const folders = projects
    .map(({ path }) => `${path}/node_modules`)
    .filter((dir) => compiled.some(({ path }) => path.startsWith(`${dir}/`)))
    .map((dir) => (dir.startsWith(`${workdir}/`) ? dir.slice(workdir.length + 1) : dir))
  return [`find ${folders.join(' ')} ${test} -prune -exec rm -rf {} +`]
}

/** True when the instruction is run by root: the caches of package managers lie in its home. */
export function asRoot({ before }: InstructionFacts): boolean {
  return /^(?:|root|0)(?::|$)/.test(before.user) && !before.env.has('npm_config_cache')
}
