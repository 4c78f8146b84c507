import type { CommandNode, CompoundList, Word } from 'unbash'
import type { ShellContext } from './types.ts'

export type Compound = Exclude<CommandNode, { type: 'Command' | 'Redirected' }>

/** A part of a compound command that holds commands, and what it makes its commands be inside of. */
export type Body = {
  readonly node: CommandNode | CompoundList
  readonly contexts: readonly ShellContext[]
}

/** The bodies of a compound command in source order, and the words it evaluates itself. */
export function bodiesOf(node: Compound): { bodies: readonly Body[]; words: readonly Word[] } {
  switch (node.type) {
    case 'Subshell':
      return { bodies: [{ node: node.body, contexts: ['subshell'] }], words: [] }
    case 'BraceGroup':
      return { bodies: [{ node: node.body, contexts: ['group'] }], words: [] }
    case 'If':
      return { bodies: branches(node), words: [] }
    case 'While':
      return {
        bodies: [
          { node: node.clause, contexts: ['loop', 'condition'] },
          { node: node.body, contexts: ['loop'] },
        ],
        words: [],
      }
    case 'For':
    case 'Select':
      return { bodies: [{ node: node.body, contexts: ['loop'] }], words: node.wordlist ?? [] }
    case 'ArithmeticFor':
      return { bodies: [{ node: node.body, contexts: ['loop'] }], words: [] }
    case 'Case':
      return {
        bodies: node.items.map((item) => ({ node: item.body, contexts: ['case'] })),
        words: [node.word],
      }
    case 'Function':
      return { bodies: [{ node: node.body, contexts: ['function'] }], words: [] }
    case 'Coproc':
      return { bodies: [{ node: node.body, contexts: ['coprocess'] }], words: [] }
    default:
      // [[ … ]] and (( … )) hold no commands but in substitutions.
      return { bodies: [], words: [] }
  }
}

function branches(node: Extract<Compound, { type: 'If' }>): Body[] {
  const bodies: Body[] = [
    { node: node.clause, contexts: ['condition'] },
    { node: node.then, contexts: ['branch'] },
  ]
  for (const elif of node.elif) {
    bodies.push({ node: elif.clause, contexts: ['condition'] })
    bodies.push({ node: elif.then, contexts: ['branch'] })
  }
  if (node.else) bodies.push({ node: node.else, contexts: ['branch'] })
  return bodies
}
