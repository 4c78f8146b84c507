import { badTemplate } from './bad.ts'
import { functions, isTrue, shown, sortedEntries, type TemplateFunction } from './functions.ts'
import type { Control, Node, Operand, Pipeline } from './parse.ts'

/** What a template is filled with: fields, or functions that are given arguments (`.Label "a"`). */
export type Row = Readonly<Record<string, unknown>>

type Frame = {
  /** For error messages. */
  readonly template: string
  readonly row: Row
  readonly calls: ReadonlyMap<string, TemplateFunction>
  /** The value of the dot. */
  readonly dot: unknown
  readonly variables: Variables
}

/** Those of a block, and of the blocks around it. */
type Variables = { readonly own: Map<string, unknown>; readonly outer: Variables | undefined }

/** Executes a parsed template. `calls` replaces the usual functions. @throws Fault USAGE */
export function fill(
  nodes: readonly Node[],
  row: Row,
  template: string,
  calls: ReadonlyMap<string, TemplateFunction> = functions,
): string {
  return run(nodes, { template, row, calls, dot: row, variables: newBlock(undefined) })
}

function run(nodes: readonly Node[], frame: Frame): string {
  return nodes.map((node) => runNode(node, frame)).join('')
}

function runNode(node: Node, outer: Frame): string {
  if (node.kind === 'text') return node.text
  if (node.kind === 'show') {
    const value = pipelineValue(node.pipeline, outer)
    return node.pipeline.variables.length > 0 ? '' : shownField(value)
  }
  const frame = { ...outer, variables: newBlock(outer.variables) }
  const value = pipelineValue(node.pipeline, frame)
  if (node.kind === 'range') return runRange(node, value, frame)
  if (!isTrue(value)) return run(node.otherwise, frame)
  return run(node.body, node.kind === 'with' ? { ...frame, dot: value } : frame)
}

/** What an optional field lacks is shown as nothing, as the typed values of Docker have it. */
function shownField(value: unknown): string {
  return value === undefined || value === null ? '' : shown(value)
}

function runRange(node: Control, value: unknown, outer: Frame): string {
  const items = itemsOf(value, outer.template)
  if (items.length === 0) return run(node.otherwise, outer)
  const [first, second] = node.pipeline.variables
  return items
    .map(([key, item]) => {
      const variables = newBlock(outer.variables)
      if (first !== undefined) variables.own.set(first, second === undefined ? item : key)
      if (second !== undefined) variables.own.set(second, item)
      return run(node.body, { ...outer, dot: item, variables })
    })
    .join('')
}

function itemsOf(value: unknown, template: string): readonly (readonly [unknown, unknown])[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value.map((item: unknown, at) => [at, item])
  if (typeof value === 'object') return sortedEntries(value)
  throw badTemplate(template, 'range needs a list or a map')
}

function newBlock(outer: Variables | undefined): Variables {
  return { own: new Map(), outer }
}

/** The block that has the variable. @throws Fault USAGE */
function blockOf(name: string, frame: Frame): Map<string, unknown> {
  for (let block: Variables | undefined = frame.variables; block; block = block.outer)
    if (block.own.has(name)) return block.own
  throw badTemplate(frame.template, `there is no variable $${name}`)
}

function pipelineValue(pipeline: Pipeline, frame: Frame): unknown {
  let piped: readonly unknown[] = []
  for (const command of pipeline.commands) piped = [commandValue(command, piped, frame)]
  const [value] = piped
  const [name, second] = pipeline.variables
  if (name !== undefined && second === undefined)
    (pipeline.declares ? frame.variables.own : blockOf(name, frame)).set(name, value)
  return value
}

function commandValue(
  [first, ...rest]: readonly Operand[],
  piped: readonly unknown[],
  frame: Frame,
): unknown {
  if (!first) return undefined
  const args = (): readonly unknown[] => [
    ...rest.map((operand) => operandValue(operand, frame)),
    ...piped,
  ]
  if (first.kind === 'call') return call(first.name, args(), frame)
  const value = operandValue(first, frame, rest.length > 0 || piped.length > 0)
  if (rest.length === 0 && piped.length === 0) return value
  if (typeof value !== 'function')
    throw badTemplate(frame.template, 'only functions are given arguments')
  return (value as TemplateFunction)(...args())
}

function call(name: string, args: readonly unknown[], frame: Frame): unknown {
  const known = frame.calls.get(name)
  if (!known) {
    const names = [...frame.calls.keys()].join(', ')
    throw badTemplate(frame.template, `there is no function ${name}; there are ${names}`)
  }
  try {
    return known(...args)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw badTemplate(frame.template, `${name}: ${reason}`, error)
  }
}

function operandValue(operand: Operand, frame: Frame, withArguments = false): unknown {
  if (operand.kind === 'literal') return operand.value
  if (operand.kind === 'call') return call(operand.name, [], frame)
  if (operand.kind === 'pipeline')
    return follow(pipelineValue(operand.pipeline, frame), operand.path, frame)
  if (operand.kind === 'variable' && operand.name !== '')
    return follow(blockOf(operand.name, frame).get(operand.name), operand.path, frame)
  const start = operand.kind === 'variable' ? frame.row : frame.dot
  const value = follow(start, operand.path, frame)
  if (typeof value === 'function' && !withArguments)
    throw badTemplate(frame.template, `.${operand.path.join('.')} needs an argument`)
  return value
}

function follow(start: unknown, path: readonly string[], frame: Frame): unknown {
  const [first] = path
  if (start === frame.row && first !== undefined && !Object.hasOwn(frame.row, first))
    throw badTemplate(frame.template, `the fields are ${Object.keys(frame.row).join(', ')}`)
  return path.reduce<unknown>((value, key) => {
    if (value === null || value === undefined) return undefined
    if (typeof value !== 'object' || Array.isArray(value))
      throw badTemplate(frame.template, `there is no field ${key} in ${shown(value)}`)
    return Object.hasOwn(value, key) ? (value as Row)[key] : undefined
  }, start)
}
