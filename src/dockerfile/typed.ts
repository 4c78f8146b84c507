import type { Range } from '../base/index.ts'
import { healthcheckProblem } from './healthcheck.ts'
import { parseHeredocWord } from './heredoc.ts'
import { suggestion } from './suggest.ts'
import { fileRange, keywords, type Problem, type SyntaxNode } from './syntax.ts'
import {
  atLeastOne,
  blankName,
  commandOf,
  flagOf,
  missing,
  pairFields,
  pairsOf,
  wordOf,
  wordsOf,
} from './typed-parts.ts'
import type { Heredoc, Instruction, KeyValue, Word } from './types.ts'

/** What every instruction has, whatever its keyword. */
type Common = Pick<Instruction, 'keyword' | 'range' | 'flags' | 'rest' | 'heredocs' | 'comments'>

// Frequent instructions are written out, not spread from `Common`: in a process that has just started a spread costs
// more than all the rest of a parse.
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
    flags: node.flags.length === 0 ? none : node.flags.map((flag) => flagOf(node, flag)),
    rest: node.rest.text,
    range: place.range,
    heredocs: place.heredocs,
    comments: place.comments,
  }
  const made = node.problem ?? (makers.get(node.name) ?? unknownKeyword)(node, common, text)
  if ('kind' in made) return { instruction: made, problem: null }
  return { instruction: { ...common, kind: 'unknown' }, problem: made }
}

const none: readonly never[] = []

const makers: ReadonlyMap<string, Maker> = new Map(
  Object.entries<Maker>({
    add: transfer,
    arg,
    cmd,
    copy: transfer,
    entrypoint: (node, common) => ({
      ...common,
      kind: 'entrypoint',
      command: commandOf(node, node.args),
    }),
    env,
    expose: (node, common) =>
      atLeastOne(node) ?? { ...common, kind: 'expose', ports: wordsOf(node, node.args) },
    from,
    healthcheck,
    label: (node, common) => pairsOf(node) ?? { ...common, kind: 'label', ...pairFields(node) },
    maintainer: (node, common) =>
      single(node, (word) => ({ ...common, kind: 'maintainer', name: word.text })),
    onbuild,
    run,
    shell,
    stopsignal: (node, common) =>
      single(node, (signal) => ({ ...common, kind: 'stopsignal', signal })),
    user: (node, common) => single(node, (user) => ({ ...common, kind: 'user', user })),
    volume,
    workdir: (node, { keyword, range, flags, rest, heredocs, comments }) =>
      single(node, (path) => ({
        keyword,
        range,
        flags,
        rest,
        heredocs,
        comments,
        kind: 'workdir',
        path,
      })),
  }),
)

function run(node: SyntaxNode, common: Common): Instruction | Problem {
  const { keyword, range, flags, rest, heredocs, comments } = common
  const command = commandOf(node, node.args)
  // A RUN with nothing behind it is a shell that is given nothing (BuildKit); an exec form needs a program.
  const problem = command.form === 'exec' ? atLeastOne(node) : null
  return problem ?? { keyword, range, flags, rest, heredocs, comments, kind: 'run', command }
}

function cmd(node: SyntaxNode, common: Common): Instruction {
  const { keyword, range, flags, rest, heredocs, comments } = common
  const command = commandOf(node, node.args)
  return { keyword, range, flags, rest, heredocs, comments, kind: 'cmd', command }
}

function env(node: SyntaxNode, common: Common): Instruction | Problem {
  const { keyword, range, flags, rest, heredocs, comments } = common
  const { pairs, legacy } = pairFields(node)
  return (
    pairsOf(node) ?? { keyword, range, flags, rest, heredocs, comments, kind: 'env', pairs, legacy }
  )
}

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
  const isNamed = as?.text.toLowerCase() === 'as' && name !== undefined && others.length === 0
  if (!image || (as && !isNamed))
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
  const { keyword, range, flags, rest, heredocs, comments } = common
  const platform = flags.find((flag) => flag.name === 'platform')?.value ?? null
  const [named, alias] = [wordOf(node, image), name ? wordOf(node, name) : null]
  return {
    keyword,
    range,
    flags,
    rest,
    heredocs,
    comments,
    kind: 'from',
    image: named,
    as: alias,
    platform,
  }
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
  const { keyword, range, flags, rest, heredocs, comments } = common
  return atLeastOne(node) ?? { keyword, range, flags, rest, heredocs, comments, kind: 'arg', pairs }
}

function transfer(node: SyntaxNode, common: Common): Instruction | Problem {
  const sources = node.args.slice(0, -1)
  const destination = node.args.at(-1)
  const name = node.name.toUpperCase()
  if (!destination || sources.length === 0)
    return {
      code: 'MISSING_ARGUMENT',
      message: destination
        ? `${name} requires at least two arguments, but only one was provided. Destination could not be determined`
        : `${name} requires at least two arguments`,
      at: destination ?? node.keyword,
      hint: `Write ${name} source destination.`,
    }
  if (parseHeredocWord(destination.text))
    return {
      code: 'BAD_HEREDOC',
      message: `${name} cannot accept a heredoc as a destination`,
      at: destination,
      hint: 'The path to write to comes after the heredoc.',
    }
  const { keyword, range, flags, rest, heredocs, comments } = common
  const kind = node.name === 'add' ? 'add' : 'copy'
  const [words, last] = [wordsOf(node, sources), wordOf(node, destination)]
  return {
    keyword,
    range,
    flags,
    rest,
    heredocs,
    comments,
    kind,
    sources: words,
    destination: last,
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

function single(node: SyntaxNode, make: (word: Word) => Instruction): Instruction | Problem {
  const [only] = node.args
  if (only) return make(wordOf(node, only))
  return missing(node, `${node.name.toUpperCase()} requires exactly one argument`)
}
