import { compareStream } from '../compare/index.ts'
import { fromManage, type SecondaryEntrypoint } from '../entrypoints/index.ts'
import type { ContainerOptions, Executed } from '../ports.ts'
import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import { newSigns } from '../session/index.ts'
import type { Evidence } from '../verdict.ts'

/** P8: workers, migrations and other commands of the project do in lean what they do in fat. */
export const entrypointsRung: Rung = {
  id: 'P8',
  title: 'Secondary entrypoints',
  runs: true,
  examine: examineEntrypoints,
}

/** A command that still runs after this long is a service; milliseconds. */
const serviceMs = 5_000
/** As long as a command may take where only one side was slow; milliseconds. */
const patientMs = 60_000
const mostEntrypoints = 12

async function examineEntrypoints(input: RungInput): Promise<Finding> {
  const { fat } = input
  const all = unique([...input.entrypoints, ...fromManage(fat.tree, fat.config)])
  if (all.length === 0) return nothingFound()
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  const notExercised: string[] = []
  for (const one of all.slice(0, mostEntrypoints)) {
    const { differences, worked, seen } = await compareOne(one, input)
    failures.push(...differences)
    if (worked) notes.push({ message: `${nameOf(one)}: ${seen}`, subject: `P8 ${one.name}` })
    else if (differences.length === 0)
      notExercised.push(`P8: ${nameOf(one)} does not work in fat (${seen}), so lean proves nothing`)
  }
  for (const one of all.slice(mostEntrypoints))
    notExercised.push(`P8: ${nameOf(one)} was not run: ${mostEntrypoints} are enough`)
  if (failures.length === 0 && notes.length === 0)
    return {
      status: 'skip',
      summary: `${count(all.length, 'command')} found, none works in fat by itself`,
      evidence: [],
      examined: 0,
      notExercised,
    }
  return verdictOf({
    examined: notes.length,
    failures,
    notes,
    passed: `${count(notes.length, 'command')} equal, e.g. ${all[0] ? nameOf(all[0]) : ''}`,
    failed: failures[0]?.message ?? '',
    nothing: '',
    notExercised,
  })
}

function nothingFound(): Finding {
  const summary = 'no compose file, Procfile or manage.py names another command'
  return {
    status: 'skip',
    summary,
    evidence: [],
    examined: 0,
    notExercised: [`P8: ${summary}; name one as --probe "cmd: …"`],
  }
}

type Compared = {
  readonly differences: readonly Evidence[]
  /** Fat did what it should: ended with 0, or still ran. */
  readonly worked: boolean
  readonly seen: string
}

/** As given; and when fat cannot do that without its services, with `--help`, which still loads the program. */
async function compareOne(one: SecondaryEntrypoint, input: RungInput): Promise<Compared> {
  const given = await compareRuns(one, one.options, input)
  if (given.worked || given.differences.length > 0 || !one.help) return given
  const help = await compareRuns(one, one.help, input)
  return help.worked || help.differences.length > 0
    ? { ...help, seen: `with --help ${help.seen}` }
    : given
}

async function compareRuns(
  one: SecondaryEntrypoint,
  options: ContainerOptions,
  input: RungInput,
): Promise<Compared> {
  const { fat, lean } = await runBoth(options, input)
  const worked = fat.timedOut === true || fat.exitCode === 0
  const seen = describe(fat)
  const evidence = { subject: `P8 ${one.name}`, fat: seen, lean: describe(lean) }
  if (outcomeOf(fat) !== outcomeOf(lean))
    return {
      differences: [
        { message: `${nameOf(one)} ends differently`, ...evidence },
        ...signs(one, fat, lean),
      ],
      worked,
      seen,
    }
  const only = signs(one, fat, lean)
  if (only.length > 0 || fat.exitCode !== 0 || fat.timedOut === true || fat.stdout === lean.stdout)
    return { differences: only, worked, seen }
  const again = await run(options, input, 'fat')
  const likeness = compareStream(fat.stdout, lean.stdout, [again.stdout])
  if (likeness.kind !== 'different') return { differences: [], worked, seen }
  const { kind: _, ...shown } = likeness
  const message = `${nameOf(one)} prints something else`
  return { differences: [{ message, subject: evidence.subject, ...shown }], worked, seen }
}

/** When one side ends well and the other still runs, a busy machine may be the reason: both get more time. */
async function runBoth(
  options: ContainerOptions,
  input: RungInput,
): Promise<{ readonly fat: Executed; readonly lean: Executed }> {
  const once = async (timeoutMs: number): Promise<{ fat: Executed; lean: Executed }> => {
    const [fat, lean] = await Promise.all([
      run(options, input, 'fat', timeoutMs),
      run(options, input, 'lean', timeoutMs),
    ])
    return { fat, lean }
  }
  const first = await once(serviceMs)
  const [running, ended] =
    first.fat.timedOut === true ? [first.fat, first.lean] : [first.lean, first.fat]
  const mayBeSlow = running.timedOut === true && ended.timedOut !== true && ended.exitCode === 0
  return mayBeSlow ? once(patientMs) : first
}

/** Errors that only lean prints, with what is missing. */
function signs(one: SecondaryEntrypoint, fat: Executed, lean: Executed): readonly Evidence[] {
  return newSigns(fat.stdout + fat.stderr, lean.stdout + lean.stderr).map(({ line, missing }) => ({
    message: `${nameOf(one)}: only lean prints: ${line}`,
    subject: `P8 ${one.name}`,
    lean: line,
    ...(missing ? { missing } : {}),
  }))
}

async function run(
  options: ContainerOptions,
  input: RungInput,
  which: 'fat' | 'lean',
  timeoutMs = serviceMs,
): Promise<Executed> {
  const { appRunner, signal } = input
  try {
    return await appRunner.run(input[which].subject, { ...options, timeoutMs }, signal)
  } catch (error) {
    signal?.throwIfAborted()
    const stderr = error instanceof Error ? error.message : String(error)
    return { exitCode: 127, stdout: '', stderr }
  }
}

function outcomeOf({ exitCode, timedOut }: Executed): string {
  return timedOut === true ? 'runs' : `exit ${exitCode}`
}

function describe(done: Executed): string {
  const last = `${done.stdout}${done.stderr}`.trim().split('\n').at(-1) ?? ''
  const text = last === '' ? '' : `: ${last.slice(0, 200)}`
  return done.timedOut === true
    ? `still runs after ${serviceMs} ms or more`
    : `exit ${done.exitCode}${text}`
}

function nameOf({ name, source, command }: SecondaryEntrypoint): string {
  return `${command} (${name} of ${source})`
}

function unique(all: readonly SecondaryEntrypoint[]): readonly SecondaryEntrypoint[] {
  const seen = new Map(all.map((one) => [JSON.stringify(one.options), one]))
  return [...seen.values()]
}
