import { Fault } from '../base/index.ts'
import {
  type ArgInstruction,
  type CommandForm,
  formatDuration,
  type HealthcheckInstruction,
  type Instruction,
  parseDuration,
} from '../dockerfile/index.ts'
import type { ContainerConfig, Healthcheck } from '../image/index.ts'
import { expose } from './expose.ts'
import { buildArg, expand, flagOf, type Job, placeOf } from './job.ts'
import { withArg, withEnv } from './scope.ts'
import { type StageState, withConfig } from './state.ts'
import { refuseUnknownSignal } from './stop-signal.ts'

/**
 * The state after an instruction that makes no layer; undefined for the instructions that make one.
 * `created_by` texts are BuildKit's.
 */
export function applyMetadata(
  job: Job,
  state: StageState,
  instruction: Instruction,
): StageState | undefined {
  switch (instruction.kind) {
    case 'arg':
      return declareArgs(job, state, instruction)
    case 'env': {
      const scope = state.scope
      const values = instruction.pairs.map((pair) => ({
        key: expand(job, scope, pair.key, pair.range),
        value: expand(job, scope, pair.value ?? '', pair.range),
      }))
      const next = values.reduce((now, { key, value }) => withEnv(now, key, value), scope)
      const text = `ENV ${values.map(({ key, value }) => `${key}=${value}`).join(' ')}`
      const Env = values.reduce(addEnv, state.config.Env ?? [])
      return withConfig(state, text, { ...state.config, Env }, { scope: next })
    }
    case 'label': {
      const pairs = instruction.pairs.map((pair) => [
        expand(job, state.scope, pair.key, pair.range),
        expand(job, state.scope, pair.value ?? '', pair.range),
      ])
      const text = `LABEL ${pairs.map(([key, value]) => `${key}=${value}`).join(' ')}`
      return withConfig(state, text, {
        ...state.config,
        Labels: { ...state.config.Labels, ...Object.fromEntries(pairs) },
      })
    }
    case 'user': {
      const user = expand(job, state.scope, instruction.user, instruction.range)
      return withConfig(state, `USER ${user}`, { ...state.config, User: user })
    }
    case 'cmd': {
      const Cmd = commandOf(state.config, instruction.command)
      const config = { ...state.config, Cmd, ArgsEscaped: true }
      return withConfig(state, `CMD ${quoteList(Cmd)}`, config, { cmdSet: true })
    }
    case 'entrypoint': {
      const Entrypoint = commandOf(state.config, instruction.command)
      const { Cmd, ...rest } = state.config
      const config = state.cmdSet && Cmd ? { ...rest, Cmd, Entrypoint } : { ...rest, Entrypoint }
      return withConfig(state, `ENTRYPOINT ${quoteList(Entrypoint)}`, config)
    }
    case 'shell':
      return withConfig(state, `SHELL [${instruction.argv.join(' ')}]`, {
        ...state.config,
        Shell: instruction.argv,
      })
    case 'stopsignal': {
      const signal = expand(job, state.scope, instruction.signal, instruction.range)
      refuseUnknownSignal(job, signal, instruction.signal.range)
      return withConfig(state, `STOPSIGNAL ${signal}`, { ...state.config, StopSignal: signal })
    }
    case 'expose':
      return expose(job, state, instruction)
    case 'volume': {
      const paths = instruction.paths.map((path) =>
        expand(job, state.scope, path, instruction.range),
      )
      if (paths.some((path) => path.trim() === ''))
        throw new Fault('VOLUME_EMPTY', 'VOLUME specified can not be an empty string', {
          kind: 'invalid',
          at: placeOf(job, instruction.range),
        })
      const Volumes = {
        ...state.config.Volumes,
        ...Object.fromEntries(paths.map((path) => [path, {}])),
      }
      return withConfig(state, `VOLUME [${paths.join(' ')}]`, { ...state.config, Volumes })
    }
    case 'healthcheck': {
      const check = healthcheckOf(job, state, instruction)
      return withConfig(state, `HEALTHCHECK ${describeHealthcheck(check)}`, {
        ...state.config,
        Healthcheck: check,
      })
    }
    case 'maintainer':
      return withConfig(state, `MAINTAINER ${instruction.name}`, state.config, {
        author: instruction.name,
      })
    case 'onbuild': {
      const OnBuild = [...(state.config.OnBuild ?? []), instruction.expression]
      // No history entry: BuildKit makes none.
      return { ...state, config: { ...state.config, OnBuild } }
    }
    case 'from':
    case 'run':
    case 'copy':
    case 'add':
    case 'workdir':
      return undefined
    case 'unknown':
      throw new Fault('INSTRUCTION_UNKNOWN', `unknown instruction: ${instruction.keyword}`, {
        kind: 'invalid',
        at: placeOf(job, instruction.range),
      })
    default:
      return instruction satisfies never
  }
}

function declareArgs(job: Job, state: StageState, instruction: ArgInstruction): StageState {
  const texts: string[] = []
  let scope = state.scope
  // Only values expand, and only those that no --build-arg replaces.
  for (const { key: name, value: fallback, range } of instruction.pairs) {
    job.usedArgs.add(name)
    const value =
      buildArg(job.request, name) ??
      (fallback === null ? job.globalScope.get(name) : expand(job, scope, fallback, range))
    scope = withArg(scope, name, value)
    texts.push(value === undefined ? name : `${name}=${value}`)
  }
  return withConfig(state, `ARG ${texts.join(' ')}`, state.config, { scope })
}

function commandOf(config: ContainerConfig, command: CommandForm): readonly string[] {
  return command.form === 'exec' ? command.argv : [...shellOf(config), command.text]
}

/** Replaces a variable where it stands, or adds it at the end. */
function addEnv(
  lines: readonly string[],
  { key, value }: { readonly key: string; readonly value: string },
): readonly string[] {
  const at = lines.findIndex((line) => line.split('=', 1)[0] === key)
  return at < 0 ? [...lines, `${key}=${value}`] : lines.with(at, `${key}=${value}`)
}

/** SHELL in force (Dockerfile reference: `["/bin/sh", "-c"]` on Linux). */
export function shellOf(config: ContainerConfig): readonly string[] {
  return config.Shell && config.Shell.length > 0 ? config.Shell : ['/bin/sh', '-c']
}

function quoteList(list: readonly string[]): string {
  return `[${list.map((item) => JSON.stringify(item)).join(' ')}]`
}

function healthcheckOf(
  job: Job,
  state: StageState,
  instruction: HealthcheckInstruction,
): Healthcheck {
  if (instruction.test === null) return { Test: ['NONE'] }
  const Test =
    instruction.test.form === 'exec'
      ? ['CMD', ...instruction.test.argv]
      : ['CMD-SHELL', instruction.test.text]
  // A zero is the default, and stands for nothing in a configuration.
  const duration = (name: string): number => {
    const value = flagOf(instruction, name)
    if (value === undefined || value === null) return 0
    const text = expand(job, state.scope, value, instruction.range)
    const nanoseconds = parseDuration(text)
    if (nanoseconds === null || (nanoseconds !== 0 && nanoseconds < 1e6))
      throw new Fault('HEALTHCHECK_INVALID', `invalid duration for --${name}: ${text}`, {
        kind: 'invalid',
        at: placeOf(job, instruction.range),
        hint: 'durations are written as 30s, 1m30s or 500ms, at least 1ms',
      })
    return nanoseconds
  }
  const Retries = Number(flagOf(instruction, 'retries') ?? 0)
  const Interval = duration('interval')
  const Timeout = duration('timeout')
  const StartPeriod = duration('start-period')
  const StartInterval = duration('start-interval')
  return {
    Test,
    ...(Interval === 0 ? {} : { Interval }),
    ...(Timeout === 0 ? {} : { Timeout }),
    ...(StartPeriod === 0 ? {} : { StartPeriod }),
    ...(StartInterval === 0 ? {} : { StartInterval }),
    ...(Retries === 0 ? {} : { Retries }),
  }
}

/** Go's `%+v` of the structure, as BuildKit writes it. */
function describeHealthcheck(check: Healthcheck): string {
  const { Test = [], Interval, Timeout, StartPeriod, StartInterval, Retries = 0 } = check
  const times = { Interval, Timeout, StartPeriod, StartInterval }
  const fields = Object.entries(times).map(
    ([name, value]) => `${name}:${formatDuration(value ?? 0)}`,
  )
  return `{Test:[${Test.join(' ')}] ${fields.join(' ')} Retries:${Retries}}`
}
