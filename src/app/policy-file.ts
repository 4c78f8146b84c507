import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { closest, Fault } from '../base/index.ts'
import {
  type BaselineRule,
  type Ignore,
  nowhere,
  type Origin,
  type Policy,
  type PolicyText,
  parsePolicyText,
  presets,
  readPolicies,
} from '../gate/index.ts'
import { readYaml } from './policy-yaml.ts'

export type PolicyFile = {
  readonly path: string
  readonly policies: readonly Policy[]
  readonly probes: readonly string[]
  readonly ignore: readonly Ignore[]
  /** A file's path is absolute. */
  readonly baseline: BaselineRule | null
}

const names = ['jettison.yaml', 'jettison.yml']

/** `jettison.yaml` in the folder or the nearest one above it; undefined when there is none. */
export async function findPolicyFile(
  from: string,
  given?: string,
): Promise<PolicyFile | undefined> {
  if (given !== undefined) {
    if (!existsSync(given))
      throw new Fault('POLICY_NOT_FOUND', `policy file ${given} does not exist`, {
        kind: 'invalid',
        hint: 'jettison check --init writes jettison.yaml; without --policy it is found by itself',
      })
    return readPolicyFile(given)
  }
  for (let dir = from; ; dir = dirname(dir)) {
    const found = names.map((name) => join(dir, name)).find((path) => existsSync(path))
    if (found) return readPolicyFile(found)
    if (dir === dirname(dir)) return undefined
  }
}

type Layer = { readonly origin: Origin; readonly text: PolicyText }

/** The file with all it extends: a preset, or a path relative to the file that names it. */
async function readPolicyFile(path: string): Promise<PolicyFile> {
  const layers = await readWithBases(path, [])
  const own = layers.at(-1)
  const baseline = layers.findLast(({ text }) => text.baseline !== null)
  return {
    path,
    policies: readPolicies(layers.map(({ origin, text }) => ({ origin, policies: text.policies }))),
    probes: own?.text.probes ?? [],
    ignore: layers.flatMap(({ text }) => text.ignore),
    baseline: baseline?.text.baseline
      ? fromFolder(baseline.text.baseline, dirname(baseline.origin.name))
      : null,
  }
}

/** The file of a baseline lies beside the policy file that names it. */
function fromFolder(rule: BaselineRule, folder: string): BaselineRule {
  return 'file' in rule.from ? { ...rule, from: { file: resolve(folder, rule.from.file) } } : rule
}

async function readWithBases(path: string, above: readonly string[]): Promise<readonly Layer[]> {
  const file = resolve(path)
  if (above.includes(file))
    throw new Fault('POLICY_INVALID', `${path}: it extends itself (at extends)`, {
      kind: 'invalid',
      hint: [...above, file].join(' -> '),
    })
  const { value, origin } = await readYaml(path)
  const text = parsePolicyText(value, origin)
  const bases: Layer[] = []
  for (const [at, name] of text.extends.entries()) {
    const preset = Object.entries(presets).find(([known]) => known === name)?.[1]
    if (preset) bases.push({ origin: nowhere(name), text: { ...emptyText, policies: preset } })
    else bases.push(...(await readWithBases(pathOfBase(name, at, origin), [...above, file])))
  }
  return [...bases, { origin, text }]
}

const emptyText: PolicyText = { extends: [], policies: {}, probes: [], ignore: [], baseline: null }

function pathOfBase(name: string, at: number, origin: Origin): string {
  const path = isAbsolute(name) ? name : join(dirname(origin.name), name)
  const isPath = /^\.|\/|\.ya?ml$/.test(name)
  if (isPath && existsSync(path)) return path
  const near = closest(name, Object.keys(presets))
  throw new Fault(
    'POLICY_INVALID',
    isPath
      ? `${origin.name}: it extends ${name}, and ${path} does not exist (at extends)`
      : `${origin.name}: there is no preset ${name} (at extends)`,
    {
      kind: 'invalid',
      hint: `${near === undefined || isPath ? '' : `did you mean ${near}? `}presets are ${Object.keys(presets).join(', ')}; a file is written with ./ in front`,
      at: origin.place(['extends', at]),
    },
  )
}
