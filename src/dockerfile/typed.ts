import type { Range } from '../base/index.ts'
import { flagParts } from './flags.ts'
import { healthcheckProblem } from './healthcheck.ts'
import { parseHeredocWord } from './heredoc.ts'
import { suggestion } from './suggest.ts'
import { fileRange, keywords, type Problem, type SyntaxNode } from './syntax.ts'
import type { CommandForm, Flag, Heredoc, Instruction, KeyValue, Word } from './types.ts'
import type { Token } from './words.ts'

/** What every instruction has, whatever its keyword. */
type Common = Pick<Instruction, 'keyword' | 'range' | 'flags' | 'rest' | 'heredocs' | 'comments'>

type Maker = (node: SyntaxNode, common: Common, text: string) => Instruction | Problem

/**
 * The typed instruction of a syntax node, or what is wrong with its arguments in the words of BuildKit's
 * `instructions` package. `text` is the whole file.
 */
export function typedInstruction(
  node: SyntaxNode,
  text: string,
  place: {
    readonly range: Range
    readonly heredocs: readonly Heredoc[]
    readonly comments: readonly Range[]
  },
): { instruction: Instruction; problem: Problem | null } {
  const common: Common = {
    keyword: node.keyword.text,
    flags: node.flags.map((flag) => flagOf(node, flag)),
    rest: node.rest.text,
    ...place,
  }
  const made = node.problem ?? (makers.get(node.name) ?? unknownKeyword)(node, common, text)
  if ('kind' in made) return { instruction: made, problem: null }
  return { instruction: { ...common, kind: 'unknown' }, problem: made }
}

const makers: ReadonlyMap<string, Maker> = new Map(
  Object.entries<Maker>({
    add: transfer,
    arg,
    cmd: (node, common) => ({ ...common, kind: 'cmd', command: commandOf(node, node.args) }),
    copy: transfer,
    entrypoint: (node, common) => ({
      ...common,
      kind: 'entrypoint',
      command: commandOf(node, node.args),
    }),
    env: (node, common) => pairsOf(node) ?? { ...common, kind: 'env', ...pairFields(node) },
    expose: (node, common) =>
      atLeastOne(node) ?? { ...common, kind: 'expose', ports: wordsOf(node, node.args) },
    from,
    healthcheck,
    label: (node, common) => pairsOf(node) ?? { ...common, kind: 'label', ...pairFields(node) },
    maintainer: (node, common) =>
      single(node, (word) => ({ ...common, kind: 'maintainer', name: word.text })),
    onbuild,
    run: (node, common) =>
      atLeastOne(node) ?? { ...common, kind: 'run', command: commandOf(node, node.args) },
    shell,
    stopsignal: (node, common) =>
      single(node, (signal) => ({ ...common, kind: 'stopsignal', signal })),
    user: (node, common) => single(node, (user) => ({ ...common, kind: 'user', user })),
    volume,
    workdir: (node, common) => single(node, (path) => ({ ...common, kind: 'workdir', path })),
  }),
)

function unknownKeyword(node: SyntaxNode): Problem {
  const names = keywords.map((name) => name.toUpperCase())
  return {
    code: 'UNKNOWN_INSTRUCTION',
    message: `unknown instruction: ${node.keyword.text}${suggestion(node.keyword.text, names)}`,
    at: node.keyword,
    hint: 'A line that belongs to the instruction above needs a "\\" at the end of the line before it.',
  }
}

function from(node: SyntaxNode, common: Common): Instruction | Problem {
  const [image, as, name, ...others] = node.args
  const named = as?.text.toLowerCase() === 'as' && name !== undefined && others.length === 0
  if (!image || (as && !named))
    return {
      code: image ? 'TOO_MANY_ARGUMENTS' : 'MISSING_ARGUMENT',
      message: 'FROM requires either one or three arguments',
      at: as ?? node.keyword,
      hint: 'Write FROM image or FROM image AS name.',
    }
  if (name && !/^[a-z][a-z0-9-_.]*$/.test(name.text.toLowerCase()))
    return {
      code: 'BAD_STAGE_NAME',
      message: `invalid name for build stage: ${JSON.stringify(name.text)}, name can't start with a number or contain symbols`,
      at: name,
      hint: 'A stage name starts with a letter and has letters, digits, "-", "_" and "." in it.',
    }
  const platform = common.flags.find((flag) => flag.name === 'platform')?.value ?? null
  const word = name ? wordOf(node, name) : null
  return { ...common, kind: 'from', image: wordOf(node, image), as: word, platform }
}

function arg(node: SyntaxNode, common: Common): Instruction | Problem {
  const blank = node.args.find((word) => word.text.startsWith('='))
  if (blank) return blankName(node, blank)
  const pairs = node.args.map((word): KeyValue => {
    const equals = word.text.indexOf('=')
    const range = fileRange(node, word)
    if (equals < 0) return { key: word.text, value: null, range }
    return { key: word.text.slice(0, equals), value: word.text.slice(equals + 1), range }
  })
  return atLeastOne(node) ?? { ...common, kind: 'arg', pairs }
}

function transfer(node: SyntaxNode, common: Common): Instruction | Problem {
  const sources = node.args.slice(0, -1)
  const destination = node.args.at(-1)
  const keyword = node.name.toUpperCase()
  if (!destination || sources.length === 0)
    return {
      code: 'MISSING_ARGUMENT',
      message: destination
        ? `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`
        : `${keyword} requires at least two arguments`,
      at: destination ?? node.keyword,
      hint: `Write ${keyword} source destination.`,
    }
  if (parseHeredocWord(destination.text))
    return {
      code: 'BAD_HEREDOC',
      message: `${keyword} cannot accept a heredoc as a destination`,
      at: destination,
      hint: 'The path to write to comes after the heredoc.',
    }
  return {
    ...common,
    kind: node.name === 'add' ? 'add' : 'copy',
    sources: wordsOf(node, sources),
    destination: wordOf(node, destination),
  }
}

function volume(node: SyntaxNode, common: Common): Instruction | Problem {
  const empty = node.args.find((path) => path.text.trim() === '')
  if (empty)
    return {
      code: 'MISSING_ARGUMENT',
      message: 'VOLUME specified can not be an empty string',
      at: empty,
    }
  return atLeastOne(node) ?? { ...common, kind: 'volume', paths: wordsOf(node, node.args) }
}

function shell(node: SyntaxNode, common: Common): Instruction | Problem {
  if (node.args.length > 0 && !node.json)
    return {
      code: 'BAD_JSON',
      message: 'SHELL requires the arguments to be in JSON form',
      at: node.rest,
      hint: 'Write SHELL ["executable", "option"].',
    }
  const argv = node.args.map((word) => word.text)
  return atLeastOne(node) ?? { ...common, kind: 'shell', argv }
}

function healthcheck(node: SyntaxNode, common: Common): Instruction | Problem {
  const [type, ...command] = node.args
  if (!type) return missing(node, 'HEALTHCHECK requires at least one argument')
  const problem = healthcheckProblem(node, type, command)
  if (problem) return problem
  const none = type.text.toUpperCase() === 'NONE'
  return { ...common, kind: 'healthcheck', test: none ? null : commandOf(node, command) }
}

function onbuild(node: SyntaxNode, common: Common, text: string): Instruction | Problem {
  if (node.rest.text === '') return missing(node, 'ONBUILD requires at least one argument')
  const trigger = /^\S+/.exec(node.rest.text)?.[0].toUpperCase() ?? ''
  const at = { ...node.rest, end: node.rest.start + trigger.length }
  if (trigger === 'ONBUILD')
    return {
      code: 'BAD_TRIGGER',
      message: "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
      at,
    }
  if (trigger === 'FROM' || trigger === 'MAINTAINER')
    return { code: 'BAD_TRIGGER', message: `${trigger} isn't allowed as an ONBUILD trigger`, at }
  const bodies = common.heredocs.map(
    ({ range, name }) => `\n${text.slice(range.start, range.end)}${name}`,
  )
  return { ...common, kind: 'onbuild', expression: node.rest.text + bodies.join('') }
}

function commandOf(node: SyntaxNode, args: readonly Token[]): CommandForm {
  if (node.json) return { form: 'exec', argv: args.map((word) => word.text) }
  return { form: 'shell', text: args[0]?.text ?? '' }
}

function wordOf(node: SyntaxNode, token: Token): Word {
  return { text: token.text, range: fileRange(node, token) }
}

function wordsOf(node: SyntaxNode, tokens: readonly Token[]): Word[] {
  return tokens.map((token) => wordOf(node, token))
}

function flagOf(node: SyntaxNode, token: Token): Flag {
  return { ...flagParts(token), range: fileRange(node, token) }
}

function pairFields(node: SyntaxNode): { pairs: KeyValue[]; legacy: boolean } {
  const pairs = node.pairs.map(({ key, value, word }) => ({
    key,
    value,
    range: fileRange(node, word),
  }))
  return { pairs, legacy: node.legacy }
}

function pairsOf(node: SyntaxNode): Problem | null {
  if (node.pairs.length === 0)
    return missing(node, `${node.name.toUpperCase()} requires at least one argument`)
  const blank = node.pairs.find((pair) => pair.key === '')
  return blank ? blankName(node, blank.word) : null
}

function blankName(node: SyntaxNode, at: Token): Problem {
  const keyword = node.name.toUpperCase()
  return { code: 'BAD_KEY_VALUE', message: `${keyword} names can not be blank`, at }
}

function single(node: SyntaxNode, make: (word: Word) => Instruction): Instruction | Problem {
  const [only] = node.args
  if (only) return make(wordOf(node, only))
  return missing(node, `${node.name.toUpperCase()} requires exactly one argument`)
}

function atLeastOne(node: SyntaxNode): Problem | null {
  if (node.args.length > 0) return null
  return missing(node, `${node.name.toUpperCase()} requires at least one argument`)
}

function missing(node: SyntaxNode, message: string): Problem {
  return { code: 'MISSING_ARGUMENT', message, at: node.keyword }
}
