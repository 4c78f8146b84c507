import { type Dockerfile, type Instruction, type Stage, stagesOf } from '../../dockerfile/index.ts'
import { type FileTree, type ImageConfig, readResolved, resolvePath } from '../../image/index.ts'
import { layersOf } from './layers.ts'
import { runFacts, type ScriptReader } from './run.ts'
import { advance, expandValue } from './surroundings.ts'
import type {
  ContextFiles,
  Facts,
  InstructionFacts,
  StageFacts,
  Surroundings,
  SystemRelease,
} from './types.ts'

/**
 * Reads what a plan needs to know of a Dockerfile and the fat image that was built from it.
 * @param base.layers how many of the fat image's layers belong to its base
 * @param args values of `--build-arg`
 */
export function gatherFacts({
  dockerfile,
  fat,
  base,
  context,
  args = {},
}: {
  readonly dockerfile: Dockerfile
  readonly fat: { readonly tree: FileTree; readonly config: ImageConfig }
  readonly base: { readonly layers: number }
  readonly context: ContextFiles
  readonly args?: Readonly<Record<string, string>>
}): Facts {
  const { globalArgs, stages } = stagesOf(dockerfile)
  const given = new Map(Object.entries(args))
  const globals = globalValues(dockerfile, globalArgs, given)
  const taken = new Map([...globals, ...given])
  const chain = chainOf(stages, (word) => expandValue(word, globals, dockerfile.escape))
  const made = chain[0] && {
    ...chain[0],
    index: stages.length - 1,
    instructions: chain.flatMap((one) => one.instructions),
  }
  const common = { dockerfile, stages, globals, taken }
  const readScript = scriptReader(fat.tree, context)
  return {
    dockerfile,
    chain,
    config: fat.config,
    baseLayers: base.layers,
    suite: suiteOf(fat.tree),
    system: releaseOf(fat.tree),
    context,
    stages: [
      ...stages
        .slice(0, -1)
        .map((stage) =>
          stageFacts({ ...common, stage, layers: [], env: new Map(), workdir: '/', readScript }),
        ),
      ...(made
        ? [
            stageFacts({
              ...common,
              stage: made,
              layers: layersOf(made.instructions, fat.config, base.layers),
              env: imageEnvironment(fat.config),
              workdir: workdirOfBase(made.instructions, fat.config),
              readScript,
            }),
          ]
        : []),
    ],
  }
}

/** The last stage with those before it that it is FROM, the one on a base image first. */
function chainOf(stages: readonly Stage[], expand: (word: string) => string): readonly Stage[] {
  const chain: Stage[] = []
  for (let here = stages.at(-1); here; ) {
    chain.unshift(here)
    const { index, from } = here
    const name = expand(from.image.text).toLowerCase()
    here = stages.findLast((one) => one.index < index && one.name === name)
  }
  return chain
}

/** `VERSION_CODENAME` of /etc/os-release, null when there is none. */
export function suiteOf(tree: FileTree): string | null {
  return releaseOf(tree).codename
}

/** What /etc/os-release says (os-release(5)). */
function releaseOf(tree: FileTree): SystemRelease {
  const bytes = readResolved(tree, '/etc/os-release')
  const text = bytes === undefined ? '' : new TextDecoder().decode(bytes)
  const field = (key: string): string | null =>
    new RegExp(`^${key}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1] ?? null
  return {
    id: field('ID'),
    version: field('VERSION_ID'),
    codename: field('VERSION_CODENAME'),
  }
}

function globalValues(
  dockerfile: Dockerfile,
  globalArgs: readonly Extract<Instruction, { kind: 'arg' }>[],
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const { key, value } of globalArgs.flatMap((one) => one.pairs)) {
    const own = value === null ? undefined : expandValue(value, values, dockerfile.escape)
    const chosen = given.get(key) ?? own
    if (chosen !== undefined) values.set(key, chosen)
  }
  return values
}

function stageFacts({
  dockerfile,
  stage,
  stages,
  globals,
  taken,
  layers,
  env,
  workdir,
  readScript,
}: {
  readonly dockerfile: Dockerfile
  readonly stage: Stage
  readonly stages: readonly Stage[]
  readonly globals: ReadonlyMap<string, string>
  readonly taken: ReadonlyMap<string, string>
  readonly layers: readonly (number | null)[]
  readonly env: ReadonlyMap<string, string>
  readonly workdir: string
  readonly readScript: ScriptReader
}): StageFacts {
  const reference = expandValue(stage.from.image.text, globals, dockerfile.escape)
  const parent = stages.findIndex(
    (other) => other.index < stage.index && other.name === reference.toLowerCase(),
  )
  let before: Surroundings = { env, workdir, user: '' }
  const instructions = stage.instructions.map((instruction, index): InstructionFacts => {
    const here = before
    before = advance(before, instruction, { escape: dockerfile.escape, globalArgs: taken })
    return {
      instruction,
      before: here,
      run:
        instruction.kind === 'run'
          ? runFacts(dockerfile, instruction, { ...here, readScript })
          : null,
      layer: layers[index] ?? null,
    }
  })
  return { stage, reference, parent: parent === -1 ? null : parent, instructions }
}

const maxScript = 256 * 1024

/** A script of the image; when the build removed it, the file at the end of its path that the context has. */
function scriptReader(tree: FileTree, context: ContextFiles): ScriptReader {
  return (path) => {
    const { entry, path: real } = resolvePath(tree, path)
    if (entry?.kind === 'file' && entry.size <= maxScript)
      return new TextDecoder().decode(tree.read(real))
    const parts = path.split('/')
    for (let at = 1; at < parts.length; at++) {
      const text = context.readText(parts.slice(at).join('/'))
      if (text !== undefined) return text
    }
    return undefined
  }
}

/** The base's own working directory: the image's where no WORKDIR changes it, else not known and taken for the root. */
function workdirOfBase(instructions: readonly Instruction[], { config }: ImageConfig): string {
  const changed = instructions.some(({ kind }) => kind === 'workdir')
  return changed || !config.WorkingDir ? '/' : config.WorkingDir
}

/** The final environment: what the base sets is in it, and what the stage overrides is overridden again on the way. */
function imageEnvironment(config: ImageConfig): ReadonlyMap<string, string> {
  return new Map(
    (config.config.Env ?? []).map((pair) => {
      const at = pair.indexOf('=')
      return at === -1 ? ([pair, ''] as const) : ([pair.slice(0, at), pair.slice(at + 1)] as const)
    }),
  )
}
