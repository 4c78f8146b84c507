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
import {
  type GrowingEnvironment,
  growingEnvironment,
  isDeclared,
  setVariable,
  viewOf,
} from './environment.ts'
import type { Given } from './globals.ts'
import { nearest } from './nearest.ts'
import type { InstructionFacts, RunReader, UndefinedName } from './types.ts'

/** What a stage knows so far, as BuildKit's dispatchState; `dispatch` changes it. A stage FROM it begins on top. */
export type StageState = {
  readonly env: GrowingEnvironment
  ownShell: boolean
  workdirSet: boolean
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

/** `ENV A=$A$A` doubles with every line; no rule needs to see more than this. */
const longest = 64 * 1024

/** Arguments that a build reads and no instruction sees. */
const notEnvironment = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'])

/** The state with which a stage begins that is FROM the one of `state`. */
export function inherited(state: StageState): StageState {
  return { ...state, env: growingEnvironment(state.env) }
}

/** The facts of one instruction, expanded in BuildKit's order; `state` is then what holds after it. */
export function dispatch(
  context: Dispatch,
  state: StageState,
  instruction: Instruction,
  trigger: boolean,
): InstructionFacts {
  const read = reader(context, state, instruction)
  const { ownShell, workdirSet } = state
  const env = viewOf(state.env)
  apply(context, state, instruction, read)
  return {
    ...{ instruction, trigger, env, ownShell, workdirSet },
    undefinedNames: read.undefinedNames,
    words: read.words,
    run: once(() =>
      instruction.kind === 'run' ? context.readRun(context.dockerfile, instruction) : null,
    ),
  }
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
  word(text: string): string
  note(expansion: Pick<Expansion, 'unset' | 'error'>): void
}

function reader(context: Dispatch, state: StageState, instruction: Instruction): Reader {
  const undefinedNames: UndefinedName[] = []
  const note: Reader['note'] = ({ unset, error }) => {
    if (error !== undefined)
      context.problems.push({
        code: 'EXPANSION_FAILED',
        severity: 'error',
        message: error,
        range: instruction.range,
      })
    for (const name of unset) {
      if (isDeclared(state.env, name) || notEnvironment.has(name)) continue
      const suggestion = nearest(name, viewOf(state.env).keys())
      if (state.unknownBase && suggestion === null) continue
      undefinedNames.push({ name, suggestion })
    }
  }
  return {
    undefinedNames,
    words: [],
    note,
    word: (text) => {
      const env = viewOf(state.env)
      const expanded = expandWord(text, (name) => env.get(name), {
        escape: context.dockerfile.escape,
      })
      note(expanded)
      return expanded.value.slice(0, longest)
    },
  }
}

function apply(context: Dispatch, state: StageState, instruction: Instruction, read: Reader): void {
  switch (instruction.kind) {
    case 'arg':
      declare(context, state, instruction, read)
      return
    case 'env': {
      // All of a line is expanded before any of it is set.
      const pairs = instruction.pairs.map(
        ({ key, value }) => [read.word(key), read.word(value ?? '')] as const,
      )
      read.words.push(...pairs.map(([key]) => key))
      for (const [key, value] of pairs) setVariable(state.env, key, value)
      return
    }
    case 'label':
      for (const { key, value } of instruction.pairs) {
        read.word(key)
        read.word(value ?? '')
      }
      return
    case 'copy':
    case 'add':
      transfer(instruction, state, read)
      return
    case 'run':
      for (const { name, value } of instruction.flags)
        if (name === 'mount' && value !== null) parseMountFlag(value, (text) => read.word(text))
      return
    case 'workdir':
      read.words.push(read.word(instruction.path.text))
      state.workdirSet = true
      return
    case 'user':
      read.word(instruction.user.text)
      return
    case 'stopsignal':
      read.word(instruction.signal.text)
      return
    case 'volume':
      for (const { text } of instruction.paths) read.word(text)
      return
    case 'expose':
      read.words.push(...ports(context, state, instruction))
      return
    case 'shell':
      state.ownShell = true
      return
    default:
  }
}

/** BuildKit does not report what is undefined here. */
function ports(
  { dockerfile }: Dispatch,
  state: StageState,
  instruction: Extract<Instruction, { kind: 'expose' }>,
): string[] {
  const env = viewOf(state.env)
  return instruction.ports.flatMap(
    ({ text }) => expandWords(text, (name) => env.get(name), { escape: dockerfile.escape }).words,
  )
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
  const env = viewOf(state.env)
  for (const { content, expand } of instruction.heredocs)
    if (expand) read.note(expandHeredoc(content, (name) => env.get(name)))
}

/** ARG: `--build-arg` first, then the default, then the global ARG or platform argument of that name. */
function declare(
  context: Dispatch,
  state: StageState,
  instruction: Extract<Instruction, { kind: 'arg' }>,
  read: Reader,
): void {
  for (const { key, value } of instruction.pairs) {
    read.words.push(key)
    const own = context.given[key] ?? (value === null ? undefined : read.word(value))
    const final = own ?? context.globals.get(key)
    if (final !== undefined && !notEnvironment.has(key)) setVariable(state.env, key, final)
    state.env.declared.add(key)
  }
}
