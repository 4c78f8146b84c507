import { posix } from 'node:path'
import { Fault, type Json } from '../base/index.ts'
import { type CopyInstruction, expandHeredoc, parseHeredocWord } from '../dockerfile/index.ts'
import { copyDraft, draftParts } from './copy-draft.ts'
import { everything } from './copy-filter.ts'
import { type CopyFlags, copyFlags } from './copy-flags.ts'
import { copyInto } from './copy-plan.ts'
import { selectionDigest } from './copy-select.ts'
import { type Taken, type Taking, takeAdded, takeFiles } from './copy-take.ts'
import { parseGitReference } from './git-reference.ts'
import { inlineSource } from './inline-source.ts'
import { expand, type Job, placeOf } from './job.ts'
import { layerStep, placed } from './layer-step.ts'
import { contextOrigin, namedOrigin, type Origin, refuseVariable } from './origin.ts'
import type { CopyStep, StepIo } from './ports.ts'
import type { StageState } from './state.ts'
import { unpackInto } from './unpack-plan.ts'
import { resolveOwner } from './users.ts'

/** COPY and ADD (Dockerfile reference). */
export async function copyStep(
  job: Job,
  state: StageState,
  instruction: CopyInstruction,
  stageIndex: number,
  label: string,
): Promise<StageState> {
  const at = placeOf(job, instruction.range)
  const io: StepIo = { step: label, emit: job.emit, signal: job.signal }
  const flags = copyFlags(job, state, instruction)
  const words = instruction.sources.filter(
    (word) => instruction.heredocs.length === 0 || parseHeredocWord(word.text) === null,
  )
  const patterns = words.map((word) => expand(job, state.scope, word, word.range))
  checkSources(job, instruction, flags, patterns)
  const given = expand(job, state.scope, instruction.destination, instruction.destination.range)
  const destination = absolute(given, state.config.WorkingDir || '/')
  const { origin, take } = await takingOf({ job, instruction, flags }, patterns, stageIndex, io)
  const all = (): readonly Taken[] => [...take(), ...heredocsOf(state, instruction)]
  const { chown, chmod, excludes, link, parents, unpack } = flags
  const common = {
    op: instruction.kind,
    ...{ destination: given, workdir: state.config.WorkingDir || '/', chown, chmod },
    ...(excludes.length > 0 ? { excludes: [...excludes] } : {}),
    ...(link ? { link } : {}),
    ...(parents ? { parents } : {}),
    ...(unpack === null ? {} : { unpack }),
  }
  const content = (): { [name: string]: Json } => ({ ...common, files: all().map(digestOf) })
  const lazily = origin !== null && origin.definition !== null && instruction.heredocs.length === 0
  const reads = { content: origin?.layers ?? [], run: link ? [] : state.layers }
  if (!lazily) await job.absent.present(reads.content, io)
  return layerStep(
    job,
    state,
    {
      title: titleOf(instruction),
      at,
      createdBy: createdBy(instruction, flags, patterns, given),
      definition: lazily ? { ...common, from: origin.definition, patterns } : content(),
      content: lazily ? content : null,
      reads,
      independent: link,
      execute: (stepIo) =>
        job.ports.steps.copy(
          placed(() => plan(job, state, { flags, destination, taken: all(), label }), at),
          stepIo,
        ),
    },
    label,
  )
}

/** Where the sources come from, and how to read them: at once for ADD, when needed for COPY. */
async function takingOf(
  taking: Taking,
  patterns: readonly string[],
  stageIndex: number,
  io: StepIo,
): Promise<{ readonly origin: Origin | null; readonly take: () => readonly Taken[] }> {
  const { job, instruction } = taking
  if (instruction.kind === 'add') {
    const taken: Taken[] = []
    for (const pattern of patterns)
      taken.push(...(await takeAdded(taking, contextOrigin(job), pattern, io)))
    return { origin: null, take: () => taken }
  }
  const origin = await originOf(job, instruction, stageIndex, io)
  return { origin, take: () => patterns.map((pattern) => takeFiles(taking, origin, pattern)) }
}

async function originOf(
  job: Job,
  instruction: CopyInstruction,
  stageIndex: number,
  io: StepIo,
): Promise<Origin> {
  const flag = instruction.flags.findLast(({ name }) => name === 'from')
  if (!flag?.value) return contextOrigin(job)
  const at = placeOf(job, flag.range)
  refuseVariable(flag.value, at)
  return namedOrigin(job, flag.value, { stageIndex, at, verb: 'copy' }, io)
}

/** Files that stand in the Dockerfile; a COPY has them after its other sources. */
function heredocsOf(state: StageState, instruction: CopyInstruction): readonly Taken[] {
  return instruction.heredocs.map((doc): Taken => {
    const lookup = (name: string): string | undefined => state.scope.get(name)
    const text = doc.expand ? expandHeredoc(doc.content, lookup).value : doc.content
    // A word with slashes is a name nevertheless: its last part.
    const name = posix.basename(doc.name)
    const source = inlineSource([{ name, text }])
    const entry = source.tree.lookup(`/${name}`)
    const selected = entry ? [{ path: `/${name}`, name, entry }] : []
    return { kind: 'files', source, selected, filter: everything }
  })
}

function plan(
  job: Job,
  state: StageState,
  work: {
    readonly flags: CopyFlags
    readonly destination: string
    readonly taken: readonly Taken[]
    readonly label: string
  },
): CopyStep {
  const { flags, destination, taken, label } = work
  const base = flags.link ? [] : job.absent.here(state.layers)
  const below = job.ports.store.tree(base)
  const owner = flags.chown === null ? null : resolveOwner(below, flags.chown)
  if (owner?.unknown)
    job.emit({
      kind: 'notice',
      level: 'warning',
      code: 'OWNER_UNKNOWN',
      message: `${label} --chown=${flags.chown}: the image knows no ${owner.unknown}, so the files belong to 0 (as BuildKit has it)`,
    })
  const times = taken.flatMap((item) =>
    item.kind === 'files' ? item.selected.map(({ entry }) => entry.mtime) : [],
  )
  const draft = copyDraft(below, Math.max(0, ...times))
  for (const item of taken)
    if (item.kind === 'archive') unpackInto(draft, item.archive, { destination, owner })
    else
      for (const selected of item.selected)
        copyInto(draft, item.source, selected, {
          ...{ destination, owner, mode: flags.mode, filter: item.filter },
        })
  return { parts: draftParts(draft, inlineSource([])), base }
}

function digestOf(item: Taken): string {
  if (item.kind === 'files') return selectionDigest(item.source, item.selected, item.filter)
  const entry = item.archive.tree.lookup('/')
  const selected = entry ? [{ path: '/', name: '', entry }] : []
  return `archive ${selectionDigest(item.archive, selected, everything)}`
}

/** @throws Fault COPY_REMOTE, ADD_CHECKSUM */
function checkSources(
  job: Job,
  instruction: CopyInstruction,
  flags: CopyFlags,
  patterns: readonly string[],
): void {
  const at = placeOf(job, instruction.range)
  const refuse = (code: string, message: string, hint?: string): never => {
    throw new Fault(code, message, { kind: 'invalid', at, hint })
  }
  const isGit = (pattern: string): boolean => parseGitReference(pattern) !== null
  const isUrl = (pattern: string): boolean => /^https?:\/\//.test(pattern)
  if (instruction.kind === 'copy')
    for (const pattern of patterns) {
      if (isGit(pattern)) refuse('COPY_REMOTE', "source can't be a git ref for COPY", 'use ADD')
      if (isUrl(pattern)) refuse('COPY_REMOTE', "source can't be a URL for COPY", 'use ADD')
    }
  if (flags.checksum === null) return
  if (patterns.length + instruction.heredocs.length !== 1)
    refuse('ADD_CHECKSUM', "checksum can't be specified for multiple sources")
  if (!patterns.every((pattern) => isGit(pattern) || isUrl(pattern)))
    refuse('ADD_CHECKSUM', 'checksum requires HTTP(S) or Git sources')
}

function titleOf(instruction: CopyInstruction): string {
  return [
    instruction.kind.toUpperCase(),
    ...instruction.flags.map(({ name, value }) => `--${name}${value === null ? '' : `=${value}`}`),
    ...instruction.sources.map(({ text }) => text),
    instruction.destination.text,
  ].join(' ')
}

/** BuildKit's text for the history. */
function createdBy(
  instruction: CopyInstruction,
  { parents, chown, chmod }: CopyFlags,
  patterns: readonly string[],
  destination: string,
): string {
  return [
    instruction.kind.toUpperCase(),
    ...(parents ? ['--parents'] : []),
    ...(chown ? [`--chown=${chown}`] : []),
    ...(chmod ? [`--chmod=${chmod}`] : []),
    ...patterns,
    ...instruction.heredocs.map(({ name }) => `<<${name}`),
    ...[destination, '# buildkit'],
  ].join(' ')
}

/** Destination against WORKDIR; a trailing slash (also `.` and `/.`) survives, it means "into this directory". */
function absolute(path: string, workdir: string): string {
  const joined = path.startsWith('/') ? path : `${workdir.replace(/\/$/, '')}/${path}`
  const slash = path === '' || /(^|\/)\.?$/.test(path)
  const clean = posix.normalize(joined).replace(/\/$/, '')
  return slash ? `${clean}/` : clean || '/'
}
