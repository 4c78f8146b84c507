import { Fault } from '../base/index.ts'
import { type RunInstruction, soleHeredoc } from '../dockerfile/index.ts'
import { sha256 } from '../image/index.ts'
import { buildArg, type Job, placeOf } from './job.ts'
import { layerStep, placed } from './layer-step.ts'
import { shellOf } from './metadata.ts'
import type { RunStep, StepMount } from './ports.ts'
import { planMounts } from './run-mounts.ts'
import { rightsOf } from './run-rights.ts'
import { argLines, envLines, proxyNames } from './scope.ts'
import type { StageState } from './state.ts'
import { homeOf, resolveUser } from './users.ts'

/** RUN in shell and exec form, with heredocs and mounts. */
export async function runStep(
  job: Job,
  state: StageState,
  instruction: RunInstruction,
  stageIndex: number,
  label: string,
): Promise<StageState> {
  const at = placeOf(job, instruction.range)
  const { insecure, network, devices } = rightsOf(job, instruction)
  const { argv, shown, script } = commandOf(job, state, instruction)
  const buildArgs = argLines(state.scope)
  const variables = envLines(state.scope.variables)
  if ([...argv, ...variables].some((text) => text.includes('\0')))
    // The kernel would end the text there, and the command would be another one.
    throw new Fault('RUN_FAILED', 'a NUL byte stands in the command or in a variable', {
      at,
      hint: 'no program can be given one: write it as \\0 and have printf make it',
    })
  const mounts = await planMounts(job, state, instruction, stageIndex)
  const env =
    mounts.sshSocket === null
      ? variables
      : [
          ...variables.filter((line) => !line.startsWith('SSH_AUTH_SOCK=')),
          `SSH_AUTH_SOCK=${mounts.sshSocket}`,
        ]
  const text = [
    ...(buildArgs.length > 0 ? [`|${buildArgs.length}`, ...buildArgs] : []),
    ...shown,
  ].join(' ')
  const cwd = state.config.WorkingDir || '/'
  const surroundings = surroundingsOf(job)
  const common = {
    op: 'run',
    argv,
    env,
    cwd,
    network,
    user: state.config.User ?? '',
    script: script === null ? null : sha256(script.bytes),
    ...(insecure ? { insecure } : {}),
    ...surroundings,
    ...(devices.length > 0
      ? { devices: devices.map(({ name, required }) => ({ name, required })) }
      : {}),
    ...(job.request.addHosts.length > 0 ? { addHosts: job.request.addHosts } : {}),
  }
  return layerStep(
    job,
    state,
    {
      title: `RUN ${oneLine(instruction)}`,
      at,
      createdBy: `RUN ${text} # buildkit`,
      definition: { ...common, mounts: mounts.definition },
      content: mounts.lazy ? () => ({ ...common, mounts: mounts.content() }) : null,
      reads: { content: mounts.reads, run: state.layers },
      execute: async (io) => {
        const base = job.absent.here(state.layers)
        const tree = job.ports.store.tree(base)
        const user = placed(() => resolveUser(tree, state.config.User ?? ''), at)
        const step: RunStep = {
          base,
          argv,
          env: completeEnv(job, [...env, ...mounts.secretEnv], homeOf(tree, user.uid)),
          cwd,
          user,
          mounts: [...mounts.mounts(), ...(script ? [script] : [])],
          network,
          addHosts: job.request.addHosts,
          stdin: null,
          insecure,
          devices,
          ...surroundings,
        }
        for (const mount of step.mounts)
          if (mount.type === 'cache') await job.ports.cache?.fillMount?.(mount.id, io)
        const outcome = await job.ports.steps.run(step, io)
        if (outcome.exitCode !== 0 || outcome.layer === null)
          throw new Fault(
            'RUN_FAILED',
            `process ${JSON.stringify(argv.join(' '))} did not complete successfully: exit code: ${outcome.exitCode}`,
            {
              at,
              hint: exitHint(outcome.exitCode),
            },
          )
        return outcome.layer
      },
    },
    label,
  )
}

/** What the flags of the build say about every RUN, and its key with it; nothing when they say nothing. */
function surroundingsOf({ request }: Job): Surroundings {
  const { shmSize, ulimits = [] } = request
  const hostname = buildArg(request, 'BUILDKIT_SANDBOX_HOSTNAME') || undefined
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(shmSize === undefined ? {} : { shmSize }),
    ...(ulimits.length > 0 ? { ulimits: ulimits.map((limit) => ({ ...limit })) } : {}),
  }
}

type Surroundings = {
  readonly hostname?: string
  readonly shmSize?: number
  readonly ulimits?: { readonly name: string; readonly soft: number; readonly hard: number }[]
}

type Script = Extract<StepMount, { type: 'secret' }>

function commandOf(
  job: Job,
  state: StageState,
  instruction: RunInstruction,
): { argv: readonly string[]; shown: readonly string[]; script: Script | null } {
  if (instruction.command.form === 'exec')
    return { argv: instruction.command.argv, shown: instruction.command.argv, script: null }
  const shell = shellOf(state.config)
  const text = instruction.command.text
  if (instruction.heredocs.length === 0) return plain([...shell, text])
  // A lone heredoc is the command itself; with a shebang it is a program (BuildKit, dispatchRun).
  const sole = soleHeredoc(instruction)
  if (sole && !sole.content.startsWith('#!')) return plain([...shell, sole.content])
  if (sole) {
    const target = `/dev/pipes/${sole.name}`
    const bytes = new TextEncoder().encode(sole.content)
    const script: Script = { type: 'secret', target, bytes, mode: 0o755, uid: 0, gid: 0 }
    return { argv: [...shell, target], shown: [...shell, target], script }
  }
  // As written: the shell itself strips the tabs of `<<-`.
  const full = instruction.heredocs.reduce(
    (all, { range, name }) => `${all}\n${job.source.text.slice(range.start, range.end)}${name}`,
    text,
  )
  return plain([...shell, full])
}

function plain(argv: readonly string[]): {
  argv: readonly string[]
  shown: readonly string[]
  script: null
} {
  return { argv, shown: argv, script: null }
}

/** Proxies that `--build-arg` gave are there in both spellings, the lower case one winning, unless a variable is. */
function completeEnv(job: Job, env: readonly string[], home: string): string[] {
  const names = new Set(env.map((line) => line.slice(0, line.indexOf('='))))
  const proxies = proxyNames.flatMap((name) => {
    const { [name]: lower, [name.toUpperCase()]: upper = lower } = job.request.args
    const value = lower ?? upper
    return value === undefined
      ? []
      : [name, name.toUpperCase()].flatMap((key) => (names.has(key) ? [] : [`${key}=${value}`]))
  })
  return [...proxies, ...env, ...(names.has('HOME') ? [] : [`HOME=${home}`])]
}

function oneLine(instruction: RunInstruction): string {
  return instruction.rest.replace(/\s+/g, ' ').trim()
}

function exitHint(code: number): string | undefined {
  if (code === 127)
    return 'exit code 127 means that a command was not found: is it installed in this stage?'
  if (code === 126)
    return 'exit code 126 means that a file could not be executed: check its mode and its shebang'
  if (code === 137)
    return 'exit code 137 means that the process was killed, often for lack of memory'
  return undefined
}
