import { posix } from 'node:path'
import { Fault, withPlace } from '../base/index.ts'
import { type CopyInstruction, expandHeredoc, parseHeredocWord } from '../dockerfile/index.ts'
import { isDigest, parseDigest } from '../image/index.ts'
import { planCopy } from './copy-plan.ts'
import { selectionDigest, selectSources } from './copy-select.ts'
import { findStage } from './graph.ts'
import { inlineSource } from './inline-source.ts'
import { expand, flagOf, type Job, placeOf } from './job.ts'
import { layerStep, placed } from './layer-step.ts'
import { layersSource } from './layers-source.ts'
import { parseMode } from './mode.ts'
import type { CopySource, StepIo } from './ports.ts'
import type { StageState } from './state.ts'
import { resolveOwner } from './users.ts'

/** Where the files of a COPY come from, and the key that names it without reading them (null for a context). */
type Origin = { readonly source: CopySource; readonly definition: string | null }

/** COPY and ADD (Dockerfile reference). */
export async function copyStep(
  job: Job,
  state: StageState,
  instruction: CopyInstruction,
  stageIndex: number,
  label: string,
): Promise<StageState> {
  const at = placeOf(job, instruction.range)
  refuseUnsupported(instruction, at)
  const io: StepIo = { step: label, emit: job.emit, signal: job.signal }
  const words = instruction.sources.filter(
    (word) => instruction.heredocs.length === 0 || parseHeredocWord(word.text) === null,
  )
  const patterns = words.map((word) => expand(job, state.scope, word, word.range))
  const rawDestination = expand(
    job,
    state.scope,
    instruction.destination,
    instruction.destination.range,
  )
  const destination = absolute(rawDestination, state.config.WorkingDir ?? '/')
  const several = instruction.sources.length > 1
  if (several && !/(^|\/)\.?$/.test(destination))
    throw new Fault(
      'COPY_DESTINATION',
      `When using ${instruction.kind.toUpperCase()} with more than one source file, the destination must be a directory and end with a /`,
      {
        kind: 'invalid',
        at: { source: job.source, range: instruction.destination.range },
      },
    )
  const chown = flagText(job, state, instruction, 'chown')
  const chmod = flagText(job, state, instruction, 'chmod')
  const mode = chmod === null ? null : parseMode(chmod, at)
  const verb = instruction.kind.toUpperCase()
  const title = [
    verb,
    ...instruction.flags.map(
      (flag) => `--${flag.name}${flag.value === null ? '' : `=${flag.value}`}`,
    ),
    ...instruction.sources.map((word) => word.text),
    instruction.destination.text,
  ].join(' ')
  const createdBy = `${[verb, ...(chown ? [`--chown=${chown}`] : []), ...(chmod ? [`--chmod=${chmod}`] : []), ...patterns, ...instruction.heredocs.map((doc) => `<<${doc.name}`), rawDestination].join(' ')} # buildkit`

  const origins = await originsOf(job, state, instruction, stageIndex, patterns, io)
  const picked = (): {
    source: CopySource
    selected: ReturnType<typeof selectSources>['selected']
  }[] =>
    origins.map(({ origin, patterns: wanted }) => ({
      source: origin.source,
      selected: select(job, instruction, origin, wanted),
    }))
  const common = {
    op: instruction.kind,
    destination: rawDestination,
    workdir: state.config.WorkingDir ?? '/',
    chown,
    chmod,
  }
  const lazily = origins.every(({ origin }) => origin.definition !== null)
  const content = (): { [name: string]: string | null | string[] } => ({
    ...common,
    files: picked().map(({ source, selected }) => selectionDigest(source, selected)),
  })
  const definition = lazily
    ? { ...common, from: origins.map(({ origin }) => origin.definition), patterns }
    : content()

  return layerStep(
    job,
    state,
    {
      title,
      createdBy,
      definition,
      content: lazily ? content : null,
      execute: async (stepIo) => {
        const below = job.ports.store.tree(state.layers)
        const owner = chown === null ? null : placed(() => resolveOwner(below, chown), at)
        const parts = picked().map(({ source, selected }) => ({
          source,
          entries: placed(
            () => planCopy({ source: source.tree, selected, below, destination, owner, mode }),
            at,
          ),
        }))
        return job.ports.steps.copy({ parts, base: state.layers }, stepIo)
      },
    },
    label,
  )
}

function select(
  job: Job,
  instruction: CopyInstruction,
  origin: Origin,
  patterns: readonly string[],
): ReturnType<typeof selectSources>['selected'] {
  const { selected, missing } = selectSources(origin.source.tree, patterns)
  const first = missing[0]
  if (first === undefined) return selected
  const word =
    instruction.sources.find((source) => source.text.includes(first)) ?? instruction.sources[0]
  const from = flagOf(instruction, 'from')
  throw new Fault(
    'COPY_SOURCE_MISSING',
    `failed to compute cache key: ${JSON.stringify(posix.join('/', first))}: not found`,
    {
      // What a stage made is known only when it has run; the context is what the user gave.
      kind: from ? 'failed' : 'invalid',
      at: { source: job.source, range: word?.range ?? instruction.range },
      hint: from
        ? `there is no such file in ${from}`
        : 'the path is relative to the build context; check the spelling and .dockerignore',
    },
  )
}

async function originsOf(
  job: Job,
  state: StageState,
  instruction: CopyInstruction,
  stageIndex: number,
  patterns: readonly string[],
  io: StepIo,
): Promise<{ origin: Origin; patterns: readonly string[] }[]> {
  const out: { origin: Origin; patterns: readonly string[] }[] = []
  if (instruction.heredocs.length > 0) {
    const files = instruction.heredocs.map((doc) => ({
      name: doc.name,
      text: doc.expand
        ? expandHeredoc(doc.content, (name) => state.scope.get(name)).value
        : doc.content,
    }))
    out.push({
      origin: { source: inlineSource(files), definition: null },
      patterns: files.map((file) => `/${file.name}`),
    })
  }
  const plain: string[] = []
  const main = await mainOrigin(job, instruction, stageIndex, io)
  for (const pattern of patterns) {
    const special =
      instruction.kind === 'add'
        ? await addOrigin(job, instruction, main.source, pattern, io)
        : null
    if (special) out.push(special)
    else plain.push(pattern)
  }
  if (plain.length > 0) out.push({ origin: main, patterns: plain })
  return out
}

async function mainOrigin(
  job: Job,
  instruction: CopyInstruction,
  stageIndex: number,
  io: StepIo,
): Promise<Origin> {
  const from = flagOf(instruction, 'from')
  if (from === undefined || from === null) return { source: job.request.context, definition: null }
  try {
    return await namedOrigin(job, from, stageIndex, io)
  } catch (error) {
    const flag = instruction.flags.find(({ name }) => name === 'from')
    throw withPlace(error, placeOf(job, flag?.range ?? instruction.range))
  }
}

/** A stage, a named context or an image, in this order (`--from` does not expand variables). */
export async function namedOrigin(
  job: Job,
  name: string,
  stageIndex: number,
  io: StepIo,
): Promise<Origin & { readonly layers: StageState['layers'] | null }> {
  const stage = findStage(
    job.graph.stages.map((item) => item.stage),
    name,
    stageIndex,
  )
  if (stage !== undefined) {
    const state = await job.stage(stage)
    return {
      source: layersSource(job.ports.store, state.layers),
      definition: state.chain,
      layers: state.layers,
    }
  }
  const named = job.request.namedContexts.get(name)
  if (named) return { source: named, definition: null, layers: null }
  const image = await job.ports.bases.resolve(name, io)
  return {
    source: layersSource(job.ports.store, image.layers),
    definition: image.id,
    layers: image.layers,
  }
}

async function addOrigin(
  job: Job,
  instruction: CopyInstruction,
  context: CopySource,
  pattern: string,
  io: StepIo,
): Promise<{ origin: Origin; patterns: readonly string[] } | null> {
  if (/^https?:\/\//.test(pattern)) {
    const wanted = flagOf(instruction, 'checksum') ?? null
    const checksum = wanted === null ? null : isDigest(wanted) ? parseDigest(wanted) : null
    if (wanted !== null && checksum === null)
      throw new Fault('ADD_CHECKSUM', `unsupported checksum: ${wanted}`, {
        kind: 'invalid',
        at: placeOf(job, instruction.range),
        hint: 'use sha256:<64 hex digits>',
      })
    const { source, path } = await job.ports.adds.url(pattern, { checksum }, io)
    return { origin: { source, definition: null }, patterns: [path] }
  }
  const { selected } = selectSources(context.tree, [pattern])
  const only = selected.length === 1 ? selected[0] : undefined
  if (only?.entry.kind !== 'file') return null
  const source = await job.ports.adds.archive(context, only.path, io)
  return source ? { origin: { source, definition: null }, patterns: ['/'] } : null
}

function refuseUnsupported(instruction: CopyInstruction, at: ReturnType<typeof placeOf>): void {
  const later = ['parents', 'exclude', 'keep-git-dir', 'unpack'].find((name) =>
    instruction.flags.some((flag) => flag.name === name && flag.value !== 'false'),
  )
  if (later)
    throw new Fault(
      'FLAG_UNSUPPORTED',
      `${instruction.kind.toUpperCase()} --${later} is not supported yet`,
      { kind: 'invalid', at },
    )
}

function flagText(
  job: Job,
  state: StageState,
  instruction: CopyInstruction,
  name: string,
): string | null {
  const value = flagOf(instruction, name)
  return value === undefined || value === null
    ? null
    : expand(job, state.scope, value, instruction.range)
}

/** Destination against WORKDIR; a trailing slash (also `.` and `/.`) survives, it means "into this directory". */
function absolute(path: string, workdir: string): string {
  const joined = path.startsWith('/') ? path : `${workdir.replace(/\/$/, '')}/${path}`
  const slash = path === '' || /(^|\/)\.?$/.test(path)
  const clean = posix.normalize(joined).replace(/\/$/, '')
  return slash ? `${clean}/` : clean || '/'
}
