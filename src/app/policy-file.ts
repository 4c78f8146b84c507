import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import {
  type BaselineRule,
  type Ignore,
  type Policy,
  type PolicyText,
  parsePolicyText,
  presets,
  readPolicies,
} from '../gate/index.ts'

export type PolicyFile = {
  readonly path: string
  readonly policies: readonly Policy[]
  readonly probes: readonly string[]
  readonly ignore: readonly Ignore[]
  /** `file` is absolute. */
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
      })
    return readPolicyFile(given)
  }
  for (let dir = from; ; dir = dirname(dir)) {
    const found = names.map((name) => join(dir, name)).find((path) => existsSync(path))
    if (found) return readPolicyFile(found)
    if (dir === dirname(dir)) return undefined
  }
}

type Layer = { readonly file: string; readonly text: PolicyText }

/** The file with all it extends: a preset, or a path relative to the file that names it. */
async function readPolicyFile(path: string): Promise<PolicyFile> {
  const layers = await readWithBases(path, [])
  const own = layers.at(-1)
  const baseline = layers.findLast(({ text }) => text.baseline !== null)
  return {
    path,
    policies: readPolicies(layers.map(({ file, text }) => ({ file, policies: text.policies }))),
    probes: own?.text.probes ?? [],
    ignore: layers.flatMap(({ text }) => text.ignore),
    baseline: baseline?.text.baseline
      ? {
          ...baseline.text.baseline,
          file: resolve(dirname(baseline.file), baseline.text.baseline.file),
        }
      : null,
  }
}

async function readWithBases(path: string, above: readonly string[]): Promise<readonly Layer[]> {
  const file = resolve(path)
  if (above.includes(file))
    throw new Fault('POLICY_INVALID', `${path}: it extends itself (at extends)`, {
      kind: 'invalid',
      hint: [...above, file].join(' -> '),
    })
  const text = parsePolicyText(await readYaml(path), path)
  const bases: Layer[] = []
  for (const name of text.extends) {
    const preset = Object.entries(presets).find(([known]) => known === name)?.[1]
    if (preset) bases.push({ file: name, text: { ...emptyText, policies: preset } })
    else bases.push(...(await readWithBases(pathOfBase(name, path), [...above, file])))
  }
  return [...bases, { file: path, text }]
}

const emptyText: PolicyText = { extends: [], policies: {}, probes: [], ignore: [], baseline: null }

function pathOfBase(name: string, from: string): string {
  const path = isAbsolute(name) ? name : join(dirname(from), name)
  if (/^\.|\//.test(name) && existsSync(path)) return path
  throw new Fault('POLICY_INVALID', `${from}: nothing to extend by the name ${name} (at extends)`, {
    kind: 'invalid',
    hint: `presets are ${Object.keys(presets).join(', ')}; a file is written with ./ in front`,
  })
}

async function readYaml(path: string): Promise<unknown> {
  const text = readFileSync(path, 'utf8')
  // The parser costs 20 ms to load, which a build without policies does not pay.
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  const [problem] = document.errors
  if (problem)
    throw new Fault('POLICY_INVALID', `${path}: ${problem.message.split('\n')[0]}`, {
      kind: 'invalid',
      at: { source: { name: path, text }, range: { start: problem.pos[0], end: problem.pos[1] } },
      cause: problem,
    })
  return document.toJS()
}
