import {
  type Dockerfile,
  expandWord,
  type Instruction,
  type KeyValue,
} from '../../dockerfile/index.ts'
import type { Surroundings } from './types.ts'

/** The surroundings after an instruction, following the scoping rules of the Dockerfile reference. */
export function advance(
  before: Surroundings,
  instruction: Instruction,
  scope: {
    readonly escape: Dockerfile['escape']
    /** Values that a bare `ARG NAME` takes over, build arguments included. */
    readonly globalArgs: ReadonlyMap<string, string>
  },
): Surroundings {
  const expand = (word: string): string => expandValue(word, before.env, scope.escape)
  switch (instruction.kind) {
    case 'env':
      return { ...before, env: withPairs(before.env, instruction.pairs, expand) }
    case 'arg':
      return { ...before, env: withArgs(before.env, instruction.pairs, expand, scope.globalArgs) }
    case 'workdir':
      return { ...before, workdir: resolveDir(before.workdir, expand(instruction.path.text)) }
    case 'user':
      return { ...before, user: expand(instruction.user.text) }
    default:
      return before
  }
}

/** Variables replaced and quotes removed; the word itself when it cannot be expanded. */
export function expandValue(
  word: string,
  env: ReadonlyMap<string, string>,
  mark: Dockerfile['escape'],
): string {
  const { value, error } = expandWord(word, (name) => env.get(name), { escape: mark })
  return error === undefined ? value : word
}

/** An absolute path without `.`, `..` or a trailing slash. */
export function resolveDir(from: string, path: string): string {
  const parts: string[] = []
  for (const part of `${path.startsWith('/') ? '' : `${from}/`}${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function withPairs(
  env: ReadonlyMap<string, string>,
  pairs: readonly KeyValue[],
  expand: (word: string) => string,
): ReadonlyMap<string, string> {
  return new Map([...env, ...pairs.map(({ key, value }) => [key, expand(value ?? '')] as const)])
}

function withArgs(
  env: ReadonlyMap<string, string>,
  pairs: readonly KeyValue[],
  expand: (word: string) => string,
  globalArgs: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const next = new Map(env)
  for (const { key, value } of pairs) {
    if (next.has(key)) continue
    const given = globalArgs.get(key) ?? (value === null ? undefined : expand(value))
    if (given !== undefined) next.set(key, given)
  }
  return next
}
