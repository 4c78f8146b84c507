import {
  type AndOr,
  type Command,
  type CommandNode,
  type CompoundList,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  parse,
  type Statement,
  type SyntaxNode,
} from 'unbash'
import type { Diagnostic, Range } from '../base/index.ts'
import { bodiesOf } from './compound.ts'
import { innerScript } from './inner-script.ts'
import type { ShellCommand, ShellContext, ShellOperator } from './types.ts'
import { assignmentOf, type Place, type Reading, redirectOf, wordOf } from './word.ts'

/** Where a walk stands: the lists it fills, what encloses it and how its offsets map to the whole text. */
export type Visit = Reading & {
  /** The text that positions index. */
  readonly text: string
  /** False when `place` is only near. */
  readonly exact: boolean
  readonly within: readonly ShellContext[]
  readonly commands: ShellCommand[]
  readonly diagnostics: Diagnostic[]
}

/** What stands before a command. */
type Before = Pick<ShellCommand, 'operator' | 'operatorRange' | 'negated'>

const nothingBefore: Before = { operator: 'start', operatorRange: null, negated: false }

/** Adds the commands of a script and what is wrong with it. */
export function visitScript(script: ParsedScript, visit: Visit): void {
  for (const { message, pos } of script.errors ?? [])
    visit.diagnostics.push(syntaxProblem(message, visit.place({ pos, end: pos + 1 })))
  visitStatements(script.commands, visit, nothingBefore)
}

export function syntaxProblem(message: string, range: Range): Diagnostic {
  return {
    code: 'SHELL_SYNTAX',
    severity: 'warning',
    message: `shell syntax: ${message}`,
    range,
  }
}

function visitStatements(statements: readonly Statement[], visit: Visit, first: Before): void {
  let before = first
  statements.forEach((statement, at) => {
    visitNode(statement.command, visit, before)
    const next = statements[at + 1]
    const operator = statement.background === true ? '&' : ';'
    if (next) before = between(visit, operator, statement.command.end, next.pos)
  })
}

function between(visit: Visit, operator: ShellOperator, from: number, to: number): Before {
  return { operator, operatorRange: operatorPlace(visit, operator, from, to), negated: false }
}

/** The operator in the gap between two commands; a line break stands for `;`. */
function operatorPlace(
  visit: Visit,
  operator: ShellOperator,
  from: number,
  to: number,
): Range | null {
  const { text } = visit
  for (let at = from; at < to; at++) {
    if (text[at] === '#') at = Math.max(at, text.indexOf('\n', at))
    if (text.startsWith(operator, at)) return visit.place({ pos: at, end: at + operator.length })
    if (operator === ';' && text[at] === '\n' && text[at - 1] !== '\\')
      return visit.place({ pos: at, end: at + 1 })
  }
  return null
}

function visitNode(
  node: CommandNode | Pipeline | AndOr | CompoundList,
  visit: Visit,
  before: Before,
): void {
  if (node.type === 'AndOr' || node.type === 'Pipeline') visitChain(node, visit, before)
  else if (node.type === 'CompoundList') visitStatements(node.commands, visit, before)
  else if (node.type === 'Command') visitCommand(node, visit, before)
  else if (node.type === 'Redirected') {
    visitNode(node.command, visit, before)
    for (const redirect of node.redirects) visitSubstitutions(redirect, visit)
  } else {
    const { bodies, words } = bodiesOf(node)
    for (const word of words) visitSubstitutions(word, visit)
    // What stands before a compound command stands before the first command in it.
    bodies.forEach((body, at) => {
      visitNode(body.node, inside(visit, ...body.contexts), at === 0 ? before : nothingBefore)
    })
    if (bodies.length === 0) visitSubstitutions(node, visit)
  }
}

function visitChain(node: AndOr | Pipeline, visit: Visit, before: Before): void {
  const prefixes = node.type === 'Pipeline' ? node.prefixes : []
  const negations = prefixes.filter((prefix) => prefix.type === 'Negation')
  let current = negations.length % 2 === 1 ? { ...before, negated: true } : before
  node.commands.forEach((command: CommandNode | Pipeline, at: number) => {
    visitNode(command, visit, current)
    const next = node.commands[at + 1]
    const operator = node.operators[at]
    if (next && operator) current = between(visit, operator, command.end, next.pos)
  })
}

function inside(visit: Visit, ...contexts: readonly ShellContext[]): Visit {
  return { ...visit, within: [...visit.within, ...contexts] }
}

function visitCommand(node: Command, visit: Visit, before: Before): void {
  const { place, within, exact } = visit
  const words = [...(node.name ? [node.name] : []), ...node.args].map((word) => wordOf(word, visit))
  const assignments = node.prefix.filter((part) => part.type === 'Assignment')
  visit.commands.push({
    name: words[0]?.value ?? null,
    words,
    ...before,
    within,
    assignments: assignments.map((assignment) => assignmentOf(assignment, visit)),
    redirects: node.redirects.map((redirect) => redirectOf(redirect, visit)),
    range: place(node),
    exact,
  })
  visitSubstitutions(node, visit)
  visitInnerScript(node, visit)
}

/** The commands in `$(…)`, backticks and `<(…)` of a node's words, at any depth of quoting. */
function visitSubstitutions(node: SyntaxNode, visit: Visit): void {
  forEachChild(node, (child) => {
    if (child.type !== 'Script') {
      visitSubstitutions(child, visit)
      return
    }
    const inner = inside(visit, 'substitution')
    const decoded = child.source
    // Backticks with escapes are decoded first: their positions mean nothing in the text.
    const whole = visit.place(node)
    const far = { text: decoded ?? '', place: () => whole, exact: false }
    visitScript(child, decoded === undefined ? inner : { ...inner, ...far })
  })
}

/** How deep `sh -c "sh -c …"` is followed. */
const deepest = 4

function visitInnerScript(node: Command, visit: Visit): void {
  if (visit.within.filter((context) => context === 'script').length >= deepest) return
  const found = innerScript(node)
  if (!found) return
  const { word, script, at } = found
  const whole = visit.place(word)
  const place: Place =
    at === null ? () => whole : ({ pos, end }) => visit.place({ pos: pos + at, end: end + at })
  const exact = visit.exact && at !== null
  visitScript(parse(script), { ...inside(visit, 'script'), text: script, place, exact })
}
