import { Fault, type Range, type Source } from '../base/index.ts'
import {
  type Dockerfile,
  expandWord,
  type Instruction,
  type KeyValue,
  parseDockerfile,
  parseMountFlag,
  type Stage,
  stagesOf,
} from '../dockerfile/index.ts'
import { type StageGraph, stageGraph } from './graph.ts'
import { buildArg } from './job.ts'
import type { BuildRequest } from './request.ts'
import { makeScope, platformArgs, type Scope, withArg, withEnv } from './scope.ts'

/** What a target can be given: BuildKit's `frontend.outline`. Ranges are those of the instruction. */
export type Outline = {
  /** Empty for a stage without a name. */
  readonly name: string
  readonly description: string
  readonly args: readonly OutlineArg[]
  readonly secrets: readonly OutlineNeed[]
  readonly ssh: readonly OutlineNeed[]
}

export type OutlineArg = {
  readonly name: string
  readonly description: string
  readonly value: string
  readonly range: Range
}

export type OutlineNeed = {
  readonly name: string
  readonly required: boolean
  readonly range: Range
}

/** A stage that can be built: BuildKit's `frontend.targets`. */
export type TargetInfo = {
  readonly name: string
  readonly description: string
  readonly isDefault: boolean
  readonly base: string
  readonly platform: string
  readonly range: Range
}

type Asked = Pick<BuildRequest, 'dockerfile' | 'target' | 'args' | 'platform'>

/** @throws Fault for a Dockerfile that does not parse */
export function listTargets(source: Source): readonly TargetInfo[] {
  const dockerfile = parsed(source)
  const { stages } = stagesOf(dockerfile)
  return stages.map(({ from, name, index }) => ({
    name: name ?? '',
    description: docComment(source, from, name ?? ''),
    isDefault: index === stages.length - 1,
    base: from.image.text,
    platform: from.platform ?? '',
    range: from.range,
  }))
}

/**
 * The arguments, secrets and keys that the stages of a target read. A comment line directly above that begins with the
 * name describes it. Nothing is pulled: variables of a base image are not known.
 * @throws Fault as the graph
 */
export function outline(asked: Asked): Outline {
  const source = asked.dockerfile
  const dockerfile = parsed(source)
  const { globalArgs, stages } = stagesOf(dockerfile)
  const last = stages.at(-1)?.name ?? ''
  const expand = (text: string, scope: Scope): ReturnType<typeof expandWord> =>
    expandWord(text, (name) => scope.get(name), { escape: dockerfile.escape })
  const globals = new Map<string, Known>()
  let scope = makeScope(platformArgs(asked.platform, asked.target || last), [])
  for (const instruction of globalArgs)
    for (const pair of instruction.pairs) {
      const given = buildArg(asked, pair.key)
      const result = given === undefined && pair.value !== null ? expand(pair.value, scope) : null
      const value = given ?? result?.value
      const earlier = result?.used.includes(pair.key) ? (globals.get(pair.key)?.needs ?? []) : []
      const needs = [...(result?.used ?? []).filter((name) => name !== pair.key), ...earlier]
      scope = withArg(scope, pair.key, value)
      globals.set(pair.key, { ...about(source, instruction, pair), value: value ?? '', needs })
    }
  const graph = stageGraph(source, dockerfile, {
    scope,
    target: asked.target,
    contexts: new Set(),
  })
  const reading: Reading = { asked, source, graph, stages, globals, scope, expand }
  return collect(reading)
}

type Known = OutlineArg & { readonly needs: readonly string[] }

type Reading = {
  readonly asked: Asked
  readonly source: Source
  readonly graph: StageGraph
  readonly stages: readonly Stage[]
  readonly globals: ReadonlyMap<string, Known>
  readonly scope: Scope
  readonly expand: (text: string, scope: Scope) => ReturnType<typeof expandWord>
}

type StageReads = {
  readonly scope: Scope
  readonly args: ReadonlyMap<string, Known>
  readonly used: ReadonlySet<string>
}

function collect(reading: Reading): Outline {
  const { graph, stages, source } = reading
  const target = stages[graph.target]
  const args = new Map<string, OutlineArg>()
  const secrets = new Map<string, OutlineNeed>()
  const ssh = new Map<string, OutlineNeed>()
  const read = new Map<number, StageReads>()
  for (const index of graph.reachable) read.set(index, readStage(reading, index, read))
  // The target's own come first: of two definitions of one name, they count.
  for (const index of [...graph.reachable].reverse()) {
    for (const [name, { needs: _needs, ...arg }] of usedArgs(read.get(index)))
      if (!args.has(name)) args.set(name, arg)
    for (const instruction of stages[index]?.instructions ?? []) addNeeds(instruction, secrets, ssh)
  }
  const inOrder = <T extends { readonly range: Range }>(found: ReadonlyMap<string, T>): T[] =>
    [...found.values()].sort((a, b) => a.range.start - b.range.start)
  return {
    name: target?.name ?? '',
    description: target ? docComment(source, target.from, target.name ?? '') : '',
    args: inOrder(args),
    secrets: inOrder(secrets),
    ssh: inOrder(ssh),
  }
}

function readStage(
  { asked, source, graph, stages, globals, scope: globalScope, expand }: Reading,
  index: number,
  read: ReadonlyMap<number, StageReads>,
): StageReads {
  const stage = stages[index]
  const base = graph.stages[index]?.base
  const below = base?.kind === 'stage' ? read.get(base.index) : undefined
  const args = new Map(below?.args ?? globals)
  const used = new Set<string>()
  let scope = below?.scope ?? makeScope(new Map(), [])
  for (const text of [stage?.from.image.text, stage?.from.platform])
    if (text) for (const name of expand(text, globalScope).used) used.add(name)
  for (const instruction of stage?.instructions ?? []) {
    if (instruction.kind === 'env')
      for (const { key, value } of instruction.pairs)
        scope = withEnv(scope, key, expand(value ?? '', scope).value)
    if (instruction.kind !== 'arg') continue
    for (const pair of instruction.pairs) {
      const given = buildArg(asked, pair.key)
      const inherited = pair.value === null && given === undefined
      const value =
        given ?? (inherited ? globalScope.get(pair.key) : expand(pair.value ?? '', scope).value)
      used.add(pair.key)
      scope = withArg(scope, pair.key, value)
      if (!inherited || value === undefined)
        args.set(pair.key, { ...about(source, instruction, pair), value: value ?? '', needs: [] })
    }
  }
  return { scope, args, used }
}

/** Those that are read, and those that the defaults of these are made of. */
function usedArgs(read: StageReads | undefined): Map<string, Known> {
  const found = new Map<string, Known>()
  const visit = (name: string): void => {
    const known = read?.args.get(name)
    if (!known || found.has(name)) return
    found.set(name, known)
    known.needs.forEach(visit)
  }
  for (const name of read?.used ?? []) visit(name)
  return found
}

function addNeeds(
  instruction: Instruction,
  secrets: Map<string, OutlineNeed>,
  ssh: Map<string, OutlineNeed>,
): void {
  if (instruction.kind !== 'run') return
  for (const flag of instruction.flags) {
    if (flag.name !== 'mount' || flag.value === null) continue
    const { type, id, source, target, required } = parseMountFlag(flag.value).value
    const name =
      type === 'ssh' ? (id ?? 'default') : (source ?? id ?? target?.split('/').at(-1) ?? '')
    const list = type === 'ssh' ? ssh : type === 'secret' ? secrets : null
    if (list && !list.has(name)) list.set(name, { name, required, range: instruction.range })
  }
}

function about(
  source: Source,
  instruction: Instruction,
  { key }: KeyValue,
): Pick<OutlineArg, 'name' | 'description' | 'range'> {
  const description = docComment(source, instruction, key)
  return { name: key, description, range: instruction.range }
}

function docComment({ text }: Source, { comments }: Instruction, name: string): string {
  if (name === '') return ''
  const lines = comments.map(({ start, end }) => text.slice(start, end).replace(/^\s*#/, '').trim())
  return lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''
}

function parsed(source: Source): Dockerfile {
  const { value, diagnostics } = parseDockerfile(source.text)
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (!error) return value
  const { code, message, hint, range } = error
  throw new Fault(code, message, { kind: 'invalid', hint, at: { source, range } })
}
