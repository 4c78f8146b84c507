import { canonicalJson, type Json } from '../../base/index.ts'
import type { ContainerConfig } from '../../image/index.ts'
import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import { entryAt, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'

/** P1: both images start the same way. Differences that come from the two bases are listed and do not fail. */
export const configRung: Rung = {
  id: 'P1',
  title: 'Configuration parity',
  runs: false,
  examine: examineConfig,
}

/** One comparable value of a configuration; undefined is unset. */
type Value = string | undefined
type Values = ReadonlyMap<string, Value>

function examineConfig({ fat, lean, baseConfigs }: RungInput): Finding {
  const bases = [baseConfigs.fat, baseConfigs.lean].map((config) => config && valuesOf(config))
  const [a, b] = [valuesOf(fat.config), valuesOf(lean.config)]
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  const names = new Set([...a.keys(), ...b.keys()])
  for (const name of names) {
    const [left, right] = [a.get(name), b.get(name)]
    if (left === right) continue
    const reason = setTwice(name, fat)
      ? undefined
      : (inheritedReason(name, left, right, bases) ?? pathReason(name, fat, lean, bases))
    const evidence = { subject: name, fat: left ?? 'unset', lean: right ?? 'unset' }
    if (reason === undefined) failures.push({ message: `${name} differs`, ...evidence })
    else notes.push({ message: `${name} differs: ${reason}`, ...evidence })
  }
  failures.push(...platformDifferences(fat.subject.config, lean.subject.config))
  return verdictOf({
    examined: names.size,
    failures,
    notes,
    passed:
      notes.length === 0
        ? `${count(names.size, 'setting')} equal`
        : `${count(names.size - notes.length, 'setting')} equal, ${notes.length} differ by their bases`,
    failed: `${count(failures.length, 'difference')}: ${failures.map(({ subject }) => subject).join(', ')}`,
    nothing: 'neither image has any configuration',
  })
}

/**
 * Why a difference is not the rewrite's doing: each side has what its own base has. For PATH, what the project puts
 * before or after the base's value must be the same.
 */
function inheritedReason(
  name: string,
  left: Value,
  right: Value,
  bases: readonly (Values | undefined)[],
): string | undefined {
  if (/^LABEL dev\.jettison\./.test(name)) return 'written by jettison on its stand-in bases'
  const [fatBase, leanBase] = bases
  if (!fatBase || !leanBase) return undefined
  const [below, above] = [fatBase.get(name), leanBase.get(name)]
  if (left === below && right === above) return 'each side has what its base has'
  if (name === 'ENV PATH' && left && right && below && above && left.includes(below))
    return left.replace(below, '\0') === right.replace(above, '\0')
      ? 'the project adds the same directories to two bases'
      : undefined
  return undefined
}

/**
 * PATH of a tool chain's base: directories that only that base names and that the project put nothing into may be
 * absent; all others are there, in the same order.
 */
function pathReason(
  name: string,
  fat: Side,
  lean: Side,
  bases: readonly (Values | undefined)[],
): string | undefined {
  const [fatBase, leanBase] = bases
  if (name !== 'ENV PATH' || !fatBase || !leanBase) return undefined
  const [left, right] = [fat, lean].map((side) => valuesOf(side.config).get(name)?.split(':') ?? [])
  const [below, above] = [fatBase, leanBase].map((base) => base.get(name)?.split(':') ?? [])
  const starts = fat.programs().map(({ path }) => path?.slice(0, path.lastIndexOf('/')))
  const idle = (dir: string): boolean =>
    below?.includes(dir) === true &&
    above?.includes(dir) === false &&
    !starts.includes(dir) &&
    !fat.tree
      .readdir(dir)
      .some((file) => (entryAt(fat.tree, `${dir}/${file}`)?.layer ?? 0) >= fat.subject.baseLayers)
  const shared = left?.filter((dir) => right?.includes(dir) || !idle(dir)) ?? []
  return shared.join(':') === right?.join(':')
    ? 'only directories of the base that the project put nothing into are absent'
    : undefined
}

/** The project sets again what its base sets as well: then the value is the project's, even when it is the same. */
function setTwice(name: string, { subject }: Side): boolean {
  if (!name.startsWith('ENV ')) return false
  const variable = name.slice('ENV '.length)
  const sets = (line: string | undefined): boolean =>
    / ?ENV /.test(line ?? '') && ` ${line}`.includes(` ${variable}=`)
  return subject.config.history.filter(({ created_by }) => sets(created_by)).length > 1
}

/** Every setting of DESIGN §6 P1, one entry a variable, label, port and volume. */
function valuesOf(config: ContainerConfig): Values {
  const out = new Map<string, Value>([
    ['CMD', listed(config.Cmd)],
    ['ENTRYPOINT', listed(config.Entrypoint)],
    ['USER', config.User || undefined],
    ['WORKDIR', workDirOf(config)],
    ['STOPSIGNAL', signalName(config.StopSignal)],
    ['SHELL', listed(config.Shell)],
    ['HEALTHCHECK', healthOf(config)],
  ])
  for (const line of config.Env ?? []) {
    const at = line.indexOf('=')
    out.set(`ENV ${at < 0 ? line : line.slice(0, at)}`, at < 0 ? '' : line.slice(at + 1))
  }
  for (const [key, value] of Object.entries(config.Labels ?? {})) out.set(`LABEL ${key}`, value)
  for (const key of Object.keys(config.ExposedPorts ?? {}))
    out.set(`EXPOSE ${key.includes('/') ? key : `${key}/tcp`}`, 'exposed')
  for (const key of Object.keys(config.Volumes ?? {})) out.set(`VOLUME ${key}`, 'volume')
  for (const line of config.OnBuild ?? []) out.set(`ONBUILD ${line}`, 'set')
  return out
}

function listed(words: readonly string[] | undefined): Value {
  return words === undefined || words.length === 0 ? undefined : JSON.stringify(words)
}

/** Unset is `/`, and a trailing slash means nothing. */
function workDirOf({ WorkingDir }: ContainerConfig): string {
  return (WorkingDir ?? '').replace(/\/+$/, '') || '/'
}

const signalNumbers: Readonly<Record<string, string>> = {
  '1': 'SIGHUP',
  '2': 'SIGINT',
  '3': 'SIGQUIT',
  '9': 'SIGKILL',
  '10': 'SIGUSR1',
  '12': 'SIGUSR2',
  '15': 'SIGTERM',
  '28': 'SIGWINCH',
}

/** Numbers and short names to one spelling; unset is SIGTERM. */
function signalName(signal: string | undefined): string {
  if (!signal) return 'SIGTERM'
  const name = signalNumbers[signal] ?? signal.toUpperCase()
  return name.startsWith('SIG') || /^\d+$/.test(name) ? name : `SIG${name}`
}

/** `NONE` switches a base's check off: the same as having none. */
function healthOf({ Healthcheck }: ContainerConfig): Value {
  const test = Healthcheck?.Test
  if (!Healthcheck || !test || test.length === 0 || test[0] === 'NONE') return undefined
  return canonicalJson(Healthcheck as Json)
}

function platformDifferences(
  fat: RungInput['fat']['subject']['config'],
  lean: RungInput['fat']['subject']['config'],
): readonly Evidence[] {
  const [a, b] = [fat, lean].map(({ os, architecture, variant }) =>
    [os, architecture, variant].filter(Boolean).join('/'),
  )
  if (a === b) return []
  return [{ message: 'the platform differs', subject: 'platform', fat: a ?? '', lean: b ?? '' }]
}
