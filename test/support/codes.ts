import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
// biome-ignore lint/suspicious/noDeprecatedImports: the parser that comes with the pinned test runner
import { parseAst } from 'vitest/node'

type Node = { readonly type: string; readonly [key: string]: unknown }
type Sourced = { readonly file: string; readonly ast: Node }

/** Where a code is written: the file, and the text around it for the message of a failing test. */
export type FoundCode = { readonly code: string; readonly file: string }

export type CodeScan = {
  readonly codes: readonly FoundCode[]
  /** First arguments of `new Fault(…)` whose value the scan cannot tell; each hides codes, so a test fails on them. */
  readonly opaque: readonly string[]
}

const shape = /^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|[a-z]+(?:-[a-z]+)+)$/

/**
 * Every code in the sources, from their syntax trees: first arguments of `new Fault`, and `code:` of object literals
 * (diagnostics, notices, refusals). Parameters are followed to the calls of their function and constants to their
 * value; `error.code` passes on a code that is found where it was made. Error numbers of Node (`Object.assign(new
 * Error(…), { code })`) are none of ours.
 */
export function scanCodes(root: string): CodeScan {
  const sources = readSources(root)
  const codes: FoundCode[] = []
  const opaque: string[] = []
  for (const source of sources) {
    visit(source.ast, [], (node, above) => {
      const from = codeExpression(node, above)
      if (!from) return
      const found = valuesOf(from.value, [...above, node], source, sources)
      for (const code of found ?? []) if (shape.test(code)) codes.push({ code, file: source.file })
      if (!found && from.kind === 'fault')
        opaque.push(`${source.file}: ${JSON.stringify(from.value)}`)
    })
  }
  return { codes, opaque }
}

/** The string members of a union type: `export type NAME = 'a' | 'b'`. Empty when there is no such type. */
export function unionMembers(root: string, name: string): readonly string[] {
  return readSources(root).flatMap(({ ast }) => {
    const members: string[] = []
    visit(ast, [], (node) => {
      if (node.type !== 'TSTypeAliasDeclaration' || (node['id'] as Node)['name'] !== name) return
      visit(node['typeAnnotation'] as Node, [], (inner) => {
        if (inner.type === 'Literal' && typeof inner['value'] === 'string')
          members.push(inner['value'])
      })
    })
    return members
  })
}

const read = new Map<string, readonly Sourced[]>()

function readSources(root: string): readonly Sourced[] {
  const known = read.get(root)
  if (known) return known
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => {
      return { file, ast: parsed(file, readFileSync(join(root, file), 'utf8')) }
    })
  read.set(root, sources)
  return sources
}

function parsed(file: string, text: string): Node {
  try {
    return parseAst(text, { lang: 'ts' }) as unknown as Node
  } catch (cause) {
    throw new Error(`${file} cannot be parsed`, { cause })
  }
}

type CodeExpression = { readonly kind: 'fault' | 'property'; readonly value: Node }

function codeExpression(node: Node, above: readonly Node[]): CodeExpression | undefined {
  if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Fault') {
    const value = (node['arguments'] as readonly Node[])[0]
    return value && { kind: 'fault', value }
  }
  if (node.type !== 'Property' || above.at(-1)?.type !== 'ObjectExpression') return undefined
  if (node['computed'] === true || nameOf(node['key']) !== 'code') return undefined
  return isErrorNumber(above) ? undefined : { kind: 'property', value: node['value'] as Node }
}

/** `Object.assign(new Error(…), { code: … })` */
function isErrorNumber(above: readonly Node[]): boolean {
  const call = above.at(-2)
  if (call?.type !== 'CallExpression') return false
  const [first] = call['arguments'] as readonly Node[]
  return first?.type === 'NewExpression' && nameOf(first['callee']) === 'Error'
}

/** The strings an expression can be; undefined when that cannot be told. */
function valuesOf(
  value: Node,
  above: readonly Node[],
  source: Sourced,
  sources: readonly Sourced[],
): readonly string[] | undefined {
  if (value.type === 'Literal')
    return typeof value['value'] === 'string' ? [value['value']] : undefined
  if (value.type === 'ConditionalExpression') {
    const both = [value['consequent'], value['alternate']].map((part) =>
      valuesOf(part as Node, above, source, sources),
    )
    return both.every((part) => part !== undefined) ? both.flat() : undefined
  }
  if (value.type === 'MemberExpression')
    return nameOf(value['property']) === 'code' ? [] : undefined
  if (value.type !== 'Identifier') return undefined
  const name = String(value['name'])
  return parameterValues(name, above, sources, source) ?? constantValues(name, source, sources)
}

/** A parameter is whatever the calls of its function pass. */
function parameterValues(
  name: string,
  above: readonly Node[],
  sources: readonly Sourced[],
  source: Sourced,
): readonly string[] | undefined {
  const owner = above.findLast((node) => parametersOf(node).some((names) => names.includes(name)))
  if (!owner) return undefined
  const called = functionName(owner, above)
  const at = parametersOf(owner).findIndex((names) => names.includes(name))
  // Taken out of an object: the scan sees the code where the object is made.
  if ((owner['params'] as readonly Node[])[at]?.type === 'ObjectPattern') return []
  // The constructor of Fault itself: its callers are what the scan looks at.
  if (called === undefined) return nameOf(above.find(isClass)?.['id']) === 'Fault' ? [] : undefined
  const found: string[] = []
  let unknown = false
  for (const other of sources.filter((one) => one === source || imports(one, called, source)))
    visit(other.ast, [], (node, outside) => {
      if (node.type !== 'CallExpression' || nameOf(node['callee']) !== called) return
      const argument = (node['arguments'] as readonly Node[])[at]
      const values = argument && valuesOf(argument, [...outside, node], other, sources)
      if (values) found.push(...values)
      else unknown = true
    })
  return unknown ? undefined : found
}

/** `const name = 'VALUE'` here or in a file that exports it; a name taken out of another fault passes its code on. */
function constantValues(
  name: string,
  source: Sourced,
  sources: readonly Sourced[],
): readonly string[] | undefined {
  let found: readonly string[] | undefined
  for (const { ast } of sources.filter((one) => one === source || imports(source, name, one)))
    visit(ast, [], (node) => {
      if (node.type !== 'VariableDeclarator') return
      const init = node['init'] as Node | null
      if (
        nameOf(node['id']) === name &&
        init?.type === 'Literal' &&
        typeof init['value'] === 'string'
      )
        found = [init['value']]
      if (name === 'code' && (node['id'] as Node).type === 'ObjectPattern') found ??= []
    })
  return found
}

/** The names that each parameter binds. */
function parametersOf(node: Node): readonly (readonly string[])[] {
  if (!Array.isArray(node['params'])) return []
  return (node['params'] as readonly Node[]).map((parameter) =>
    parameter.type === 'ObjectPattern'
      ? (parameter['properties'] as readonly Node[]).flatMap((one) => nameOf(one['value']) ?? [])
      : [nameOf(parameter) ?? ''],
  )
}

function functionName(node: Node, above: readonly Node[]): string | undefined {
  const own = nameOf(node['id'])
  if (own !== undefined) return own
  const parent = above[above.indexOf(node) - 1]
  return parent?.type === 'VariableDeclarator' ? nameOf(parent['id']) : undefined
}

/** Whether a file takes a name from another one, directly. */
function imports({ file, ast }: Sourced, name: string, from: Sourced): boolean {
  return (ast['body'] as readonly Node[]).some(
    (node) =>
      node.type === 'ImportDeclaration' &&
      posix.join(posix.dirname(file), String((node['source'] as Node)['value'])) === from.file &&
      (node['specifiers'] as readonly Node[]).some((one) => nameOf(one['imported']) === name),
  )
}

function isClass(node: Node): boolean {
  return node.type === 'ClassDeclaration'
}

function nameOf(node: unknown): string | undefined {
  const named = node as { readonly name?: unknown } | null | undefined
  return typeof named?.name === 'string' ? named.name : undefined
}

/** `above` is the path from the root, without the node; it changes while the visit goes on. */
function visit(node: Node, above: Node[], see: (node: Node, above: readonly Node[]) => void): void {
  see(node, above)
  above.push(node)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) visit(child, above, see)
  above.pop()
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { type?: unknown }).type === 'string'
  )
}
