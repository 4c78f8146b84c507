import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../base/index.ts'
import { type Policy, parsePolicies, parseProbes } from '../gate/index.ts'

export type PolicyFile = {
  readonly path: string
  readonly policies: readonly Policy[]
  readonly probes: readonly string[]
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

async function readPolicyFile(path: string): Promise<PolicyFile> {
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
  const value: unknown = document.toJS()
  return { path, policies: parsePolicies(value, path), probes: parseProbes(value, path) }
}
