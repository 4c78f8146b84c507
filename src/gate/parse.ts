import { type BaselineRule, baselineOf } from './baseline.ts'
import { didYouMean, invalid, type Key, readOptions, shown } from './options.ts'
import type { Origin } from './origin.ts'
import { ignoreOf } from './parse-ignore.ts'
import { isPolicyId, kindOf, type Policy, type PolicyId, policyIds } from './policy.ts'
import { isMapping, list, type Mapping, mapping, refuseOthers, texts } from './read-value.ts'
import type { Ignore, Level } from './types.ts'

/** A `jettison.yaml` as it stands, its `extends` not followed yet. */
export type PolicyText = {
  /** Names of presets or paths, in order; later ones win, and the file itself last. */
  readonly extends: readonly string[]
  /** As written, unchecked: `readPolicies` checks them together with what is extended. */
  readonly policies: Mapping
  readonly probes: readonly string[]
  readonly ignore: readonly Ignore[]
  readonly baseline: BaselineRule | null
}

const keys = ['version', 'extends', 'policies', 'probes', 'ignore', 'baseline']

/**
 * The parts of a `jettison.yaml` from its YAML value.
 * @throws Fault POLICY_INVALID with the key that is wrong
 */
export function parsePolicyText(value: unknown, origin: Origin): PolicyText {
  if (value === null || value === undefined)
    throw invalid(origin, [], 'the file says nothing', start)
  const root = mapping(value, [], origin)
  refuseOthers(root, keys, [], origin)
  if (root['version'] !== 1)
    throw invalid(
      origin,
      ['version'],
      root['version'] === undefined ? 'version is missing' : 'version must be 1',
      'the first line is version: 1',
    )
  if (root['policies'] === undefined && root['extends'] === undefined)
    throw invalid(origin, [], 'neither policies nor extends is given', start)
  return {
    extends: texts(root['extends'] ?? [], ['extends'], origin),
    policies: root['policies'] === undefined ? {} : mapping(root['policies'], ['policies'], origin),
    probes: root['probes'] === undefined ? [] : probes(root['probes'], origin),
    ignore:
      root['ignore'] === undefined
        ? []
        : list(root['ignore'], ['ignore'], origin).map((one, at) => ignoreOf(one, at, origin)),
    baseline: root['baseline'] === undefined ? null : baselineOf(root['baseline'], origin),
  }
}

const start =
  'jettison check --init writes a file; the least is version: 1 and extends: recommended'

/** Checked policies from what files and presets say, later ones over earlier ones. @throws Fault POLICY_INVALID */
export function readPolicies(
  layers: readonly { readonly policies: Mapping; readonly origin: Origin }[],
): readonly Policy[] {
  const given = new Map<string, { readonly value: unknown; readonly origin: Origin }>()
  for (const { policies, origin } of layers)
    for (const [id, value] of Object.entries(policies)) given.set(id, { value, origin })
  return [...given].flatMap(([id, { value, origin }]) => policyOf(id, value, origin) ?? [])
}

const levels: readonly string[] = ['error', 'warn']

/** `error`, `warn`, `off`, the first option alone, or a mapping of options with an optional `level`. */
function policyOf(id: string, value: unknown, origin: Origin): Policy | null {
  const key: Key = ['policies', id]
  if (!isPolicyId(id))
    throw invalid(origin, key, `unknown policy ${id}`, didYouMean(id, policyIds, 'known policies:'))
  if (value === 'off' || value === false) return null
  const { level: named = 'error', ...rest } = optionsOf(id, value, origin)
  if (named === 'off') return null
  if (!levels.includes(named as string))
    throw invalid(
      origin,
      [...key, 'level'],
      `${shown(named)} is no level`,
      'level is error, warn or off',
    )
  const { options, refuse } = kindOf(id)
  const read = readOptions(id, options, rest, origin)
  const refused = refuse?.(read as never)
  if (refused) throw invalid(origin, [...key, refused[0]], refused[1])
  return { id, level: named as Level, ...read } as Policy
}

/** A policy's short forms as the mapping that they stand for. */
function optionsOf(id: PolicyId, value: unknown, origin: Origin): Mapping {
  if (isMapping(value)) return value
  if (value === true) return {}
  if (levels.includes(value as string)) return { level: value }
  const [first] = Object.keys(kindOf(id).options)
  if (first === undefined || value === null) return mapping(value, ['policies', id], origin)
  return { [first]: value }
}

function probes(value: unknown, origin: Origin): readonly string[] {
  if (!Array.isArray(value) || value.some((probe) => typeof probe !== 'string'))
    throw invalid(origin, ['probes'], 'probes must be a list of texts')
  return value as string[]
}
