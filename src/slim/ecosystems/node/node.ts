import { executablesOf } from '../../../analysis/index.ts'
import { type ChosenBase, chooseBase } from '../../bases/index.ts'
import type { InstructionFacts, RunCommand, StageFacts } from '../../facts/index.ts'
import { refuseCompiler, refuseLean } from '../../gate/index.ts'
import { lineBreakOf } from '../../rewrite/index.ts'
import { type Found, type Role, splitPlan } from '../../split/index.ts'
import type { PlanInput, Planned, ProjectInput, Refusal } from '../../types.ts'
import type { Claim, Ecosystem } from '../types.ts'
import { type NodeEvidence, nodeEvidence } from './evidence.ts'
import { isGlobalProgram, startedGlobals } from './globals.ts'
import { keepsOf } from './keeps.ts'
import { managerCommand } from './manager-command.ts'
import { type Prune, pruneOf } from './prune.ts'
import { cacheEdits } from './run-edits.ts'

/** npm, yarn and pnpm on the official images: packages, native addons, a build, workspaces. */
export const node: Ecosystem = {
  name: 'node',
  claims,
  base,
  plan,
  leftovers: [
    {
      path: /\/(?:node_modules\/\.cache|\.next\/cache)(?:\/|$)/,
      what: 'caches of build tools',
      when: 'always',
    },
    {
      path: /^\/(?:root|home\/[^/]+)\/\.(?:npm|yarn|node-gyp|local\/(?:share|state)\/pnpm|pnpm-store|config\/(?:configstore|nextjs-nodejs)|yarnrc)(?:\/|$)|^\/usr\/local\/share\/\.cache(?:\/|$)/,
      what: 'caches of package managers',
      when: 'always',
    },
    { path: /\/node_modules(?:\/|$)/, what: 'packages of a JavaScript build', when: 'helper' },
  ],
}

const starters =
  /(?:^|\/)(?:node|nodejs|npm|npx|yarn|pnpm|pm2|pm2-runtime|next|nest|ts-node|tsx|nodemon)$/

function claims({ facts, fatTree }: ProjectInput): Claim | null {
  const commands = commandsOf(facts.stages.at(-1))
  const installs = commands.some((command) => managerCommand(command)?.kind === 'install')
  const runs = commands.some((command) => managerCommand(command) !== null)
  const starter = executablesOf(facts.config, fatTree).find(
    ({ origin, name }) => origin === 'start' && starters.test(name),
  )
  const because = [
    ...(installs ? ['a RUN installs npm packages'] : runs ? ['a RUN calls a package manager'] : []),
    ...(starter ? [`the image starts ${starter.name}`] : []),
  ]
  if (because.length === 0) return null
  const confidence = starter ? (installs ? 1 : 0.7) : 0.3
  return { confidence, because: because.join(', ') }
}

function base(input: PlanInput): ChosenBase | Refusal {
  return chooseBase(input, stageOf(input))
}

function plan(input: PlanInput): Planned {
  const chosen = base(input)
  if ('code' in chosen) return { kind: 'refusal', refusal: chosen }
  const { facts, fatTree: tree } = input
  const stage = stageOf(input)
  const evidence = nodeEvidence(input)
  const prune = pruneOf(tree, stage, evidence)
  const globals = startedGlobals(tree, evidence, facts.baseLayers)
  const keeps = keepsOf({
    ...{ tree, evidence, globals },
    instructions: stage.instructions,
    prunes: prune.development,
    compiles: commandsOf(stage).some(compilesSources),
    env: facts.config.config.Env ?? [],
  })
  return splitPlan(input, {
    ecosystem: node.name,
    base: chosen,
    role: (command) => roleOf(command, input),
    keeps,
    whole: evidence.projects
      .filter(({ path }) => !path.startsWith(evidence.packed?.project ?? '\0'))
      .filter(({ path }) => path !== evidence.bundled)
      .map(({ path }) => `${path}/node_modules`),
    builderEdits: (index, at) => [
      ...cacheEdits(facts.dockerfile, at),
      ...(prune.edits.get(index) ?? []),
    ],
    builderEnd: endOf(input, prune),
    buildOnly: (name) => evidence.compiled.length > 0 && servesNodeGyp(name) && !usesPython(input),
    ownerOf: (path) => ownerOf(path, evidence),
    notes: () =>
      evidence.stays === null ? [] : [`development dependencies stay: ${evidence.stays}`],
    refuse: (found) => refuse(input, { chosen, evidence, prune, found }),
  })
}

function stageOf({ facts }: ProjectInput): StageFacts {
  const stage = facts.stages.at(-1)
  if (!stage) throw new TypeError('planned without a stage')
  return stage
}

function commandsOf(stage: StageFacts | undefined): readonly RunCommand[] {
  return (stage?.instructions ?? []).flatMap(({ run }) => run?.commands ?? [])
}

function roleOf(command: RunCommand, { fatTree }: PlanInput): Role | null {
  const call = managerCommand(command)
  if (call?.kind === 'upkeep') return { kind: 'upkeep', cache: call.verb === 'cache' }
  if (call || command.name === 'node' || isGlobalProgram(fatTree, command.name))
    return { kind: 'tool' }
  return command.words[0]?.text.includes('node_modules/.bin/') ? { kind: 'tool' } : null
}

/** node-gyp writes its project files with Python. */
function servesNodeGyp(name: string): boolean {
  return /^(?:python|python2|python3|python-is-python3|python3-minimal|python3-setuptools|python3-distutils)$/.test(
    name,
  )
}

function usesPython({ facts, fatTree }: PlanInput): boolean {
  return executablesOf(facts.config, fatTree).some(({ name }) => /(?:^|\/)python[\d.]*$/.test(name))
}

/** A command that turns sources into something else. */
function compilesSources({ words }: RunCommand): boolean {
  const line = words.map((word) => word.value ?? word.text).join(' ')
  return /^(?:\S*\/)?(?:tsc|vite|next|nest|ng|webpack|esbuild|rollup|parcel|swc)\b|^(?:npm|yarn|pnpm|npx)\b.*\b(?:build|compile|tsc|dist|bundle|vite|webpack|esbuild)\b/.test(
    line,
  )
}

function endOf({ facts }: PlanInput, { commands }: Prune): readonly string[] {
  if (commands.length === 0) return []
  const { dockerfile } = facts
  const next = ` ${dockerfile.escape}${lineBreakOf(dockerfile.text)}    && `
  return [`RUN ${commands.join(next)}`]
}

function ownerOf(
  path: string,
  { packages }: NodeEvidence,
): { readonly distribution: string | null; readonly requirement: string | null } {
  const owner = packages.find((one) => path.startsWith(`${one.path}/`))
  return { distribution: owner ? `${owner.name} ${owner.version}` : null, requirement: null }
}

function refuse(
  input: PlanInput,
  {
    chosen,
    evidence,
    prune,
    found,
  }: {
    readonly chosen: ChosenBase
    readonly evidence: NodeEvidence
    readonly prune: Prune
    readonly found: Found
  },
): Refusal | null {
  const { facts, fatTree: tree } = input
  const stage = stageOf(input)
  const compiler = refuseCompiler({
    config: facts.config,
    tree,
    kept: found.kept,
    requirements: [],
  })
  if (compiler) return compiler
  const builds = [...found.runs.values()].some((run) =>
    run.commands?.some(({ command }) => isScript(command, run.facts)),
  )
  if (evidence.compiled.length > 0 || builds) return null
  const lean = chosen.kind === 'same' ? refuseLean(input, stage.reference) : null
  if (lean) return lean
  const { packages, stays } = evidence
  return {
    code: 'slim-base-is-enough',
    message: 'nothing is compiled or built, so a slim base and a .dockerignore are enough',
    details: [
      `${packages.length} npm packages, 0 compiled here, no build step`,
      ...(chosen.kind === 'lean' ? [`change the base: FROM ${chosen.text}`] : []),
      ...(prune.development ? ['leave development dependencies out: npm ci --omit=dev'] : []),
      ...(stays === null ? [] : [stays]),
      'add a .dockerignore with node_modules and .git',
    ],
  }
}

function isScript(command: RunCommand, _at: InstructionFacts): boolean {
  const kind = managerCommand(command)?.kind
  return kind === 'script' || command.name === 'node' || compilesSources(command)
}
