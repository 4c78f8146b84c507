import { closest } from '../base/index.ts'
import { invalid, readOptions } from './options.ts'
import { kindOf, type Policy, type PolicyId, policyIds } from './policy.ts'
import type { Baseline, Ignore, Level } from './types.ts'

/** A `jettison.yaml` as it stands, its `extends` not followed yet. */
export type PolicyText = {
  /** Names of presets or paths, in order; later ones win, and the file itself last. */
  readonly extends: readonly string[]
  /** As written, unchecked: `readPolicies` checks them together with what is extended. */
  readonly policies: Readonly<Record<string, unknown>>
  readonly probes: readonly string[]
  readonly ignore: readonly Ignore[]
  readonly baseline: BaselineRule | null
}

/** Where the sizes of an earlier image are, and what it means when they are not there. */
export type BaselineRule = {
  readonly file: string
  readonly onMissing: 'warn' | 'skip' | 'error'
}

type Mapping = Readonly<Record<string, unknown>>

const keys = ['version', 'extends', 'policies', 'probes', 'ignore', 'baseline']

/**
 * The parts of a `jettison.yaml` from its YAML value.
 * @throws Fault POLICY_INVALID with the key that is wrong
 */
export function parsePolicyText(value: unknown, file: string): PolicyText {
  const root = mapping(value, 'the file', file)
  if (root['version'] !== 1) throw invalid(file, 'version', 'version must be 1')
  refuseOthers(root, keys, file, '')
  if (root['policies'] === undefined && root['extends'] === undefined)
    throw invalid(file, 'policies', 'policies must be a mapping')
  return {
    extends: texts(root['extends'] ?? [], 'extends', file),
    policies: root['policies'] === undefined ? {} : mapping(root['policies'], 'policies', file),
    probes: root['probes'] === undefined ? [] : probes(root['probes'], file),
    ignore:
      root['ignore'] === undefined
        ? []
        : list(root['ignore'], 'ignore', file).map((one, at) => ignoreOf(one, at, file)),
    baseline: root['baseline'] === undefined ? null : baselineOf(root['baseline'], file),
  }
}

/** Checked policies from what files and presets say, later ones over earlier ones. @throws Fault POLICY_INVALID */
export function readPolicies(
  layers: readonly { readonly policies: Mapping; readonly file: string }[],
): readonly Policy[] {
  const given = new Map<string, { readonly value: unknown; readonly file: string }>()
  for (const { policies, file } of layers)
    for (const [id, value] of Object.entries(policies)) given.set(id, { value, file })
  return [...given].flatMap(([id, { value, file }]) => policyOf(id, value, file) ?? [])
}

const levels: readonly string[] = ['error', 'warn']

/** `error`, `warn`, `off`, the first option alone, or a mapping of options with an optional `level`. */
function policyOf(id: string, value: unknown, file: string): Policy | null {
  if (!isPolicyId(id)) {
    const near = closest(id, policyIds)
    throw invalid(
      file,
      `policies.${id}`,
      `unknown policy ${id}`,
      `${near === undefined ? '' : `did you mean ${near}? `}known policies: ${policyIds.join(', ')}`,
    )
  }
  if (value === 'off' || value === false) return null
  const { options } = kindOf(id)
  const [first] = Object.keys(options)
  const level = levels.includes(value as string) ? (value as Level) : undefined
  const whole: Mapping =
    level !== undefined || value === true
      ? {}
      : isMapping(value)
        ? value
        : first === undefined || value === null
          ? mapping(value, `policies.${id}`, file)
          : { [first]: value }
  const { level: named = level ?? 'error', ...rest } = whole
  if (named === 'off') return null
  if (!levels.includes(named as string))
    throw invalid(file, `policies.${id}.level`, 'level must be error, warn or off')
  const read = readOptions(id, options, rest, file)
  const refused = kindOf(id).refuse?.(read as never)
  if (refused) throw invalid(file, `policies.${id}.${refused[0]}`, refused[1])
  return { id, level: named as Level, ...read } as Policy
}

function isPolicyId(id: string): id is PolicyId {
  return (policyIds as readonly string[]).includes(id)
}

function ignoreOf(value: unknown, at: number, file: string): Ignore {
  const key = `ignore[${at}]`
  const one = mapping(value, key, file)
  refuseOthers(one, ['policy', 'package', 'path', 'category', 'reason', 'until'], file, `${key}.`)
  const text = (name: string): string | null => {
    const found = one[name]
    if (found === undefined) return null
    if (typeof found !== 'string' || found === '')
      throw invalid(file, `${key}.${name}`, `${name} must be text`)
    return found
  }
  const reason = text('reason')
  if (reason === null)
    throw invalid(file, `${key}.reason`, 'an ignore needs a reason', 'say why it may stay')
  const until = text('until')
  if (until !== null && !/^\d{4}-\d{2}-\d{2}$/.test(until))
    throw invalid(file, `${key}.until`, `${until} is no day`, 'write it as 2027-03-31')
  const policy = text('policy')
  if (policy !== null && !isPolicyId(policy))
    throw invalid(file, `${key}.policy`, `unknown policy ${policy}`)
  const about = { package: text('package'), path: text('path'), category: text('category') }
  if (Object.values(about).every((part) => part === null))
    throw invalid(
      file,
      key,
      'an ignore needs a package, a path or a category',
      'to leave out a whole policy, write it as POLICY: off',
    )
  return { policy, ...about, reason, until }
}

function baselineOf(value: unknown, file: string): BaselineRule {
  if (typeof value === 'string' && value !== '') return { file: value, onMissing: 'error' }
  const rule = mapping(value, 'baseline', file)
  refuseOthers(rule, ['file', 'on-missing'], file, 'baseline.')
  const onMissing = rule['on-missing'] ?? 'error'
  if (typeof rule['file'] !== 'string' || rule['file'] === '')
    throw invalid(file, 'baseline.file', 'file must be a path')
  if (onMissing !== 'warn' && onMissing !== 'skip' && onMissing !== 'error')
    throw invalid(file, 'baseline.on-missing', 'on-missing must be warn, skip or error')
  return { file: rule['file'], onMissing }
}

/** @throws Fault POLICY_INVALID */
export function parseBaseline(value: unknown, file: string): Baseline {
  const root = mapping(value, 'the file', file)
  const numbers = ['size', 'layers', 'ballast'].every((name) => typeof root[name] === 'number')
  if (root['version'] !== 1 || typeof root['reference'] !== 'string' || !numbers)
    throw invalid(
      file,
      'version',
      'this is no baseline',
      'jettison check --update-baseline writes one',
    )
  return root as unknown as Baseline
}

function probes(value: unknown, file: string): readonly string[] {
  if (!Array.isArray(value) || value.some((probe) => typeof probe !== 'string'))
    throw invalid(file, 'probes', 'probes must be a list of strings')
  return value as string[]
}

function texts(value: unknown, key: string, file: string): readonly string[] {
  const found: readonly unknown[] = typeof value === 'string' ? [value] : list(value, key, file)
  if (found.some((one) => typeof one !== 'string' || one === ''))
    throw invalid(file, key, `${key} must be a name or a list of names`)
  return found as readonly string[]
}

function list(value: unknown, key: string, file: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(file, key, `${key} must be a list`)
  return value
}

function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function mapping(value: unknown, key: string, file: string): Mapping {
  if (!isMapping(value)) throw invalid(file, key, `${key} must be a mapping`)
  return value
}

function refuseOthers(value: Mapping, known: readonly string[], file: string, at: string): void {
  for (const key of Object.keys(value))
    if (!known.includes(key))
      throw invalid(file, `${at}${key}`, `unknown key ${key}`, `known keys: ${known.join(', ')}`)
}
