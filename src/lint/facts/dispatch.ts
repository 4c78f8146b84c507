import type { Diagnostic } from '../../base/index.ts'
import {
  type Dockerfile,
  type Expansion,
  expandHeredoc,
  expandWord,
  expandWords,
  type Instruction,
  parseHeredocWord,
  parseMountFlag,
} from '../../dockerfile/index.ts'
import type { Given } from './globals.ts'
import { nearest } from './nearest.ts'
import type { InstructionFacts, RunReader, UndefinedName } from './types.ts'

/** What a stage knows at some point, as BuildKit's dispatchState: a later stage FROM it goes on from its end. */
export type StageState = {
  readonly env: ReadonlyMap<string, string>
  /** ARGs declared so far, with or without a value. */
  readonly declared: ReadonlySet<string>
  readonly ownShell: boolean
  readonly workdirSet: boolean
  /** Nobody knows the image below: a variable may come from there. */
  readonly unknownBase: boolean
}

export type Dispatch = {
  readonly dockerfile: Dockerfile
  readonly globals: ReadonlyMap<string, string>
  readonly given: Given
  readonly problems: Diagnostic[]
  readonly readRun: RunReader
}

/** Arguments that a build reads and no instruction sees. */
const notEnvironment = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'])

/** The facts of one instruction and the state after it, expanded in BuildKit's order. */
export function dispatch(
  context: Dispatch,
  state: StageState,
  instruction: Instruction,
  trigger: boolean,
): { readonly facts: InstructionFacts; readonly next: StageState } {
  const read = reader(context, state, instruction)
  const next = apply(context, state, instruction, read)
  const facts: InstructionFacts = {
    instruction,
    trigger,
    undefinedNames: read.undefinedNames,
    words: read.words,
    env: state.env,
    ownShell: state.ownShell,
    workdirSet: state.workdirSet,
    run: once(() =>
      instruction.kind === 'run' ? context.readRun(context.dockerfile, instruction) : null,
    ),
  }
  return { facts, next }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

type Reader = {
  readonly undefinedNames: UndefinedName[]
  readonly words: string[]
  /** Expands and notes what is undefined. */
  word(text: string, env?: ReadonlyMap<string, string>): string
  note(expansion: Pick<Expansion, 'unset' | 'error'>, env: ReadonlyMap<string, string>): void
}

function reader(context: Dispatch, state: StageState, instruction: Instruction): Reader {
  const undefinedNames: UndefinedName[] = []
  const note: Reader['note'] = ({ unset, error }, env) => {
    if (error !== undefined)
      context.problems.push({
        code: 'EXPANSION_FAILED',
        severity: 'error',
        message: error,
        range: instruction.range,
      })
    for (const name of unset) {
      if (state.declared.has(name) || notEnvironment.has(name)) continue
      const suggestion = nearest(name, env.keys())
      if (state.unknownBase && suggestion === null) continue
      undefinedNames.push({ name, suggestion })
    }
  }
  return {
    undefinedNames,
    words: [],
    note,
    word: (text, env = state.env) => {
      const expanded = expandWord(text, (name) => env.get(name), {
        escape: context.dockerfile.escape,
      })
      note(expanded, env)
      return expanded.value
    },
  }
}

function apply(
  context: Dispatch,
  state: StageState,
  instruction: Instruction,
  read: Reader,
): StageState {
  switch (instruction.kind) {
    case 'arg':
      return declare(context, state, instruction, read)
    case 'env': {
      const pairs = instruction.pairs.map(
        ({ key, value }) => [read.word(key), read.word(value ?? '')] as const,
      )
      read.words.push(...pairs.map(([key]) => key))
      return { ...state, env: new Map([...state.env, ...pairs]) }
    }
    case 'label':
      for (const { key, value } of instruction.pairs) {
        read.word(key)
        read.word(value ?? '')
      }
      return state
    case 'copy':
    case 'add':
      transfer(instruction, state, read)
      return state
    case 'run':
      for (const { name, value } of instruction.flags)
        if (name === 'mount' && value !== null) parseMountFlag(value, (text) => read.word(text))
      return state
    case 'workdir':
      read.words.push(read.word(instruction.path.text))
      return { ...state, workdirSet: true }
    case 'user':
      read.word(instruction.user.text)
      return state
    case 'stopsignal':
      read.word(instruction.signal.text)
      return state
    case 'volume':
      for (const { text } of instruction.paths) read.word(text)
      return state
    case 'expose':
      // BuildKit does not report what is undefined here.
      for (const { text } of instruction.ports)
        read.words.push(
          ...expandWords(text, (name) => state.env.get(name), { escape: context.dockerfile.escape })
            .words,
        )
      return state
    case 'shell':
      return { ...state, ownShell: true }
    default:
      return state
  }
}

function transfer(
  instruction: Extract<Instruction, { kind: 'copy' | 'add' }>,
  state: StageState,
  read: Reader,
): void {
  const flag = (name: string): string | null =>
    instruction.flags.find((one) => one.name === name)?.value ?? null
  const flags = instruction.kind === 'add' ? ['chown', 'chmod', 'checksum'] : ['chown', 'chmod']
  for (const name of flags) read.word(flag(name) ?? '')
  for (const { text } of instruction.sources)
    if (!parseHeredocWord(text)) read.words.push(read.word(text))
  read.word(instruction.destination.text)
  for (const { content, expand } of instruction.heredocs)
    if (expand)
      read.note(
        expandHeredoc(content, (name) => state.env.get(name)),
        state.env,
      )
}

/** ARG: `--build-arg` first, then the default, then the global ARG or platform argument of that name. */
function declare(
  context: Dispatch,
  state: StageState,
  instruction: Extract<Instruction, { kind: 'arg' }>,
  read: Reader,
): StageState {
  const env = new Map(state.env)
  const declared = new Set(state.declared)
  for (const { key, value } of instruction.pairs) {
    read.words.push(key)
    const given = context.given[key]
    const own = given ?? (value === null ? undefined : defaultOf(value, { env, declared, read }))
    const final = own ?? context.globals.get(key)
    if (final !== undefined && !notEnvironment.has(key)) env.set(key, final)
    declared.add(key)
  }
  return { ...state, env, declared }
}

function defaultOf(
  value: string,
  {
    env,
    declared,
    read,
  }: {
    readonly env: ReadonlyMap<string, string>
    readonly declared: ReadonlySet<string>
    readonly read: Reader
  },
): string {
  const before = read.undefinedNames.length
  const result = read.word(value, env)
  const kept = read.undefinedNames.splice(before).filter(({ name }) => !declared.has(name))
  read.undefinedNames.push(...kept)
  return result
}
