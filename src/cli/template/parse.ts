import type { Fault } from '../../base/index.ts'
import { badTemplate } from './bad.ts'
import { type Piece, splitTemplate, type Word } from './words.ts'

/** Something that has a value. `path` is what is read of it. */
export type Operand =
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'call'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline; readonly path: readonly string[] }

/** `index .A 0 | json`: commands, each given the value of the one before as its last argument. */
export type Pipeline = {
  readonly commands: readonly (readonly Operand[])[]
  /** `$x :=`, or `$i, $x :=` of a range. */
  readonly variables: readonly string[]
  readonly declares: boolean
}

/** A block that is shown once, for each item, or not at all. */
export type Control = {
  readonly kind: 'if' | 'range' | 'with'
  readonly pipeline: Pipeline
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[]
}

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'show'; readonly pipeline: Pipeline }
  | Control

/**
 * Go's text/template without named templates: fields, variables, pipelines, `if`, `range`, `with`, `else`, `end`.
 * @throws Fault USAGE
 */
export function parseTemplate(template: string): readonly Node[] {
  const pieces = [...splitTemplate(template)]
  const { nodes, end } = readBlock(pieces, template)
  if (end) throw badTemplate(template, `{{${end}}} closes nothing`)
  return nodes
}

type Block = {
  readonly nodes: readonly Node[]
  /** `end` or `else` that closed it. */
  readonly end: 'end' | 'else' | undefined
  /** `if .X` of an `else if`. */
  readonly rest: readonly Word[]
}

function readBlock(pieces: Piece[], template: string): Block {
  const nodes: Node[] = []
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    if (piece.kind === 'text') {
      nodes.push(piece)
      continue
    }
    const [first, ...rest] = piece.words
    const keyword = first?.kind === 'name' ? first.name : ''
    if (keyword === 'end' || keyword === 'else') return { nodes, end: keyword, rest }
    if (keyword === 'if' || keyword === 'range' || keyword === 'with')
      nodes.push(readControl(keyword, rest, pieces, template))
    else nodes.push({ kind: 'show', pipeline: readPipeline(piece.words, template) })
  }
  return { nodes, end: undefined, rest: [] }
}

function readControl(
  kind: Control['kind'],
  words: readonly Word[],
  pieces: Piece[],
  template: string,
): Control {
  const pipeline = readPipeline(words, template)
  const body = readBlock(pieces, template)
  if (!body.end) throw unclosed(kind, template)
  if (body.end === 'end') return { kind, pipeline, body: body.nodes, otherwise: [] }
  const [next, ...condition] = body.rest
  if (next?.kind === 'name' && (next.name === 'if' || next.name === 'with')) {
    const otherwise = [readControl(next.name, condition, pieces, template)]
    return { kind, pipeline, body: body.nodes, otherwise }
  }
  const other = readBlock(pieces, template)
  if (other.end !== 'end') throw unclosed(kind, template)
  return { kind, pipeline, body: body.nodes, otherwise: other.nodes }
}

function unclosed(kind: string, template: string): Fault {
  return badTemplate(template, `{{${kind}}} needs an {{end}}`)
}

function readPipeline(words: readonly Word[], template: string): Pipeline {
  const assign = words.findIndex((word) => word.kind === 'sign' && /^:?=$/.test(word.sign))
  const variables = words
    .slice(0, Math.max(assign, 0))
    .flatMap((word) => (word.kind === 'variable' ? [word.name] : []))
  const sign = words[assign]
  const commands: Operand[][] = [[]]
  const rest = words.slice(assign + 1)
  while (rest.length > 0) {
    const [next] = rest
    if (next?.kind === 'sign' && next.sign === '|') {
      rest.shift()
      commands.push([])
    } else commands.at(-1)?.push(readOperand(rest, template))
  }
  if (commands.some((command) => command.length === 0))
    throw badTemplate(template, 'a command is missing')
  return { commands, variables, declares: sign?.kind === 'sign' && sign.sign === ':=' }
}

function readOperand(words: Word[], template: string): Operand {
  const word = words.shift()
  if (word?.kind === 'field') return { kind: 'field', path: word.path }
  if (word?.kind === 'literal') return word
  if (word?.kind === 'name') return { kind: 'call', name: word.name }
  if (word?.kind === 'variable') return { ...word, path: gluedPath(words) }
  if (word?.kind !== 'sign' || word.sign !== '(')
    throw badTemplate(template, `${word?.kind === 'sign' ? word.sign : 'nothing'} is no value`)
  let depth = 1
  const end = words.findIndex((inner) => {
    if (inner.kind === 'sign') depth += inner.sign === '(' ? 1 : inner.sign === ')' ? -1 : 0
    return depth === 0
  })
  if (end < 0) throw badTemplate(template, 'a bracket is not closed')
  const pipeline = readPipeline(words.splice(0, end), template)
  words.shift()
  return { kind: 'pipeline', pipeline, path: gluedPath(words) }
}

/** `.B` of `$x.B` and `(index .A 0).B`. */
function gluedPath(words: Word[]): readonly string[] {
  const [next] = words
  if (next?.kind !== 'field' || !next.glued) return []
  words.shift()
  return next.path
}
