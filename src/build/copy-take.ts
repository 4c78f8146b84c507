import { posix } from 'node:path'
import { closest, Fault } from '../base/index.ts'
import type { CopyInstruction } from '../dockerfile/index.ts'
import { type FileTree, hasGlob, isDigest, parseDigest, resolvePath } from '../image/index.ts'
import type { CopyFilter } from './copy-filter.ts'
import { type CopyFlags, patternsOf } from './copy-flags.ts'
import { type Selected, selectSources } from './copy-select.ts'
import { type GitReference, parseGitReference } from './git-reference.ts'
import { type Job, placeOf } from './job.ts'
import type { Origin } from './origin.ts'
import type { ArchiveFiles, CopySource, StepIo } from './ports.ts'

/** What one source of a COPY or ADD brings, in the order of the instruction. */
export type Taken =
  | {
      readonly kind: 'files'
      readonly source: CopySource
      readonly selected: readonly Selected[]
      readonly filter: CopyFilter
    }
  | { readonly kind: 'archive'; readonly archive: ArchiveFiles }

/** What is asked of the sources: the instruction, its place, its flags. */
export type Taking = {
  readonly job: Job
  readonly instruction: CopyInstruction
  readonly flags: CopyFlags
}

/**
 * Files of the context, a stage or an image that a pattern names; with `--parents` the pattern filters what lies below
 * its pivot `/./`, or below the root.
 * @throws Fault COPY_SOURCE_MISSING
 */
export function takeFiles(taking: Taking, origin: Origin, pattern: string): Taken {
  const { exclude, parents } = taking.flags
  const { source } = origin
  if (!parents) {
    const selected = selectSources(source.tree, pattern)
    if (!selected) throw missing(taking, origin, pattern)
    return { kind: 'files', source, selected, filter: { include: null, exclude } }
  }
  const pivot = pattern.indexOf('/./')
  const [parent, rest] =
    pivot < 0 ? ['/', pattern] : [pattern.slice(0, pivot), pattern.slice(pivot + 3)]
  const inner = posix.normalize(`/${rest}`).slice(1).replace(/\/$/, '')
  const selected = selectSources(source.tree, parent)
  const literal = !hasGlob(parent) && !hasGlob(rest)
  const wanted = posix.join('/', parent, inner)
  // Below the pivot no symlink is followed: what is copied has the path that is written here.
  const found = selected?.some(({ path }) => source.tree.lookup(posix.join(path, inner)))
  if (!selected || (literal && !found)) throw missing(taking, origin, literal ? wanted : parent)
  return { kind: 'files', source, selected, filter: { include: patternsOf([inner]), exclude } }
}

/** One source of ADD: a repository, an address, local archives and files. */
export async function takeAdded(
  taking: Taking,
  context: Origin,
  pattern: string,
  io: StepIo,
): Promise<readonly Taken[]> {
  const { job, flags, instruction } = taking
  const at = placeOf(job, instruction.range)
  const git = parseGitReference(pattern)
  if (typeof git === 'string') throw new Fault('GIT_REFERENCE', git, { kind: 'invalid', at })
  if (git) return [await takeRepository(taking, git, io)]
  if (/^https?:\/\//.test(pattern)) return [await takeAddress(taking, pattern, io)]
  const taken = takeFiles(taking, context, pattern)
  if (taken.kind !== 'files' || flags.unpack === false) return [taken]
  const out: Taken[] = []
  for (const item of taken.selected) {
    const archive =
      item.entry.kind === 'file'
        ? await job.ports.adds.archive(context.source, item.path, io)
        : null
    out.push(archive ? { kind: 'archive', archive } : { ...taken, selected: [item] })
  }
  return out
}

async function takeAddress(taking: Taking, url: string, io: StepIo): Promise<Taken> {
  const { job, flags } = taking
  const wanted = flags.checksum
  if (wanted !== null && !isDigest(wanted))
    throw new Fault('ADD_CHECKSUM', `unsupported checksum: ${wanted}`, {
      kind: 'invalid',
      at: placeOf(job, taking.instruction.range),
      hint: 'use sha256:<64 hex digits>',
    })
  const checksum = wanted === null ? null : parseDigest(wanted)
  const { source, path } = await job.ports.adds.url(url, { checksum }, io)
  const archive = flags.unpack === true ? await job.ports.adds.archive(source, path, io) : null
  if (archive) return { kind: 'archive', archive }
  const entry = source.tree.lookup(path)
  const selected = entry ? [{ path, name: posix.basename(path), entry }] : []
  return { kind: 'files', source, selected, filter: noFilter(flags) }
}

async function takeRepository(taking: Taking, git: GitReference, io: StepIo): Promise<Taken> {
  const { job, flags, instruction } = taking
  const at = placeOf(job, instruction.range)
  if (flags.keepGitDir !== null && git.keepGitDir !== null && flags.keepGitDir !== git.keepGitDir)
    throw new Fault('GIT_REFERENCE', 'inconsistent keep-git-dir configuration', {
      kind: 'invalid',
      at,
    })
  if (flags.checksum !== null && git.checksum !== null && flags.checksum !== git.checksum)
    throw new Fault(
      'GIT_REFERENCE',
      `checksum mismatch ${JSON.stringify(flags.checksum)} != ${JSON.stringify(git.checksum)}`,
      { kind: 'invalid', at },
    )
  const source = await job.ports.adds.git(
    git,
    {
      keepGitDir: git.keepGitDir ?? flags.keepGitDir ?? false,
      checksum: git.checksum ?? flags.checksum,
    },
    io,
  )
  const entry = source.tree.lookup('/')
  const selected = entry ? [{ path: '/', name: '', entry }] : []
  return { kind: 'files', source, selected, filter: noFilter(flags) }
}

function noFilter({ exclude }: CopyFlags): CopyFilter {
  return { include: null, exclude }
}

/** The first symlink of a path, as people write it. */
function linkOnTheWay(tree: FileTree, path: string): string | null {
  const parts = path.split('/').filter(Boolean)
  const depth = parts.findIndex(
    (_, at) => tree.lookup(`/${parts.slice(0, at + 1).join('/')}`)?.kind === 'symlink',
  )
  return depth < 0 ? null : parts.slice(0, depth + 1).join('/')
}

/** What keeps the file out, or what its name is near to. */
function missingHint(source: CopySource, path: string, from: string | null | undefined): string {
  const hidden = source.hiddenBy?.(path) ?? null
  if (hidden !== null) return `the file is there, but ${hidden} keeps it out of the build context`
  const link = linkOnTheWay(source.tree, path)
  if (link !== null)
    return resolvePath(source.tree, path).entry
      ? `${link} is a symlink, which --parents does not follow: name the path behind it`
      : `${link} is a symlink that leads nowhere in the ${from ? 'root of that stage' : 'build context'}`
  const names = source.tree.readdir(posix.dirname(path))
  const near = closest(posix.basename(path), names)
  if (near !== null) return `did you mean ${posix.join(posix.dirname(path), near).slice(1)}?`
  return from
    ? `there is no such file in ${from}`
    : 'the path is relative to the build context; check the spelling and .dockerignore'
}

function missing({ job, instruction }: Taking, origin: Origin, path: string): Fault {
  const word =
    instruction.sources.find((source) => source.text.includes(path)) ?? instruction.sources[0]
  const from = instruction.flags.findLast(({ name }) => name === 'from')?.value
  return new Fault(
    'COPY_SOURCE_MISSING',
    `failed to compute cache key: ${JSON.stringify(posix.join('/', path))}: not found`,
    {
      // What a stage made is known only when it has run; the context is what the user gave.
      kind: origin.layers ? 'failed' : 'invalid',
      at: placeOf(job, word?.range ?? instruction.range),
      hint: missingHint(origin.source, posix.join('/', path), from),
    },
  )
}
