import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EventSink, Fault, withScope } from '../base/index.ts'
import { debianMirrors } from './apt-sources.ts'
import { basesFolder, type RootVariant } from './stand-ins.ts'

export type RootTarRequest = {
  readonly suite: string
  readonly variant: RootVariant
  /** Where finished tars are kept; made when missing. */
  readonly cache: string
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes the root file system of a Debian base image with mmdebstrap, once; later calls return the kept file.
 * Its folder holds nothing else and serves as build context for the Dockerfiles in `bases/debian`.
 *
 * @returns absolute path of `rootfs.tar`
 * @throws Fault MMDEBSTRAP_MISSING, ROOT_TAR_FAILED; the signal's reason on abort
 */
export async function makeRootTar(request: RootTarRequest): Promise<string> {
  const name = `${request.suite}-${request.variant}-${recipe()}`
  const folder = join(request.cache, name)
  const tar = join(folder, 'rootfs.tar')
  if (existsSync(tar)) return tar
  const step = `root ${request.suite}-${request.variant}`
  const title = `mmdebstrap ${request.suite} (${request.variant})`
  request.emit({ kind: 'step-start', step, title })
  const end = (outcome: 'done' | 'failed' | 'canceled') =>
    request.emit({ kind: 'step-end', step, title, outcome })
  try {
    await withScope(async (scope) => {
      const work = `${folder}.${process.pid}.partial`
      mkdirSync(work, { recursive: true })
      scope.add(work, (path) => rmSync(path, { recursive: true, force: true }))
      const partial = join(work, 'rootfs.tar')
      await run(enclosed(mmdebstrap(request, work, partial), work), { ...request, step })
      mkdirSync(join(work, 'dev'))
      const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mode=755']
      await run(['tar', '-rf', partial, ...owner, '-C', work, './dev'], { ...request, step })
      mkdirSync(folder, { recursive: true })
      renameSync(partial, tar)
    })
  } catch (error) {
    end(request.signal?.aborted ? 'canceled' : 'failed')
    throw error
  }
  end('done')
  return tar
}

/** Short digest of the files that shape a root, so that a newer jettison does not take an older one's tar. */
function recipe(): string {
  const hash = createHash('sha256')
  for (const name of ['customize.sh', 'slim.dpkg.cfg'])
    hash.update(readFileSync(join(basesFolder(), 'debian', name)))
  return hash.digest('hex').slice(0, 8)
}

/** Without these hooks Debian 12 pulls in the package that merges /usr afterwards, and perl with it (50 MB). */
const mergedUsr = '/usr/share/mmdebstrap/hooks/merged-usr'

function mmdebstrap(request: RootTarRequest, work: string, output: string): readonly string[] {
  const { suite, variant } = request
  const bases = join(basesFolder(), 'debian')
  const mirrors = debianMirrors(suite)
  const sources = join(work, 'sources.list')
  if (mirrors.length > 0) writeFileSync(sources, `${mirrors.join('\n')}\n`)
  const customize = [join(bases, 'customize.sh'), '$1', variant, mirrors.length > 0 ? sources : '-']
  return [
    'mmdebstrap',
    '--variant=minbase',
    '--format=tar',
    // No device nodes, as in the official images: every runtime mounts its own, and an ordinary user cannot unpack
    // them. The empty folder is added afterwards.
    '--skip=output/dev',
    // customize.sh does it; after it, apt's own would see the image's configuration.
    '--skip=cleanup/apt',
    ...(existsSync(mergedUsr) ? [`--hook-dir=${mergedUsr}`, '--include=usr-is-merged'] : []),
    ...(variant === 'slim' ? [`--dpkgopt=${join(bases, 'slim.dpkg.cfg')}`] : []),
    `--customize-hook=sh ${customize.map((word) => `"${word}"`).join(' ')}`,
    suite,
    output,
    ...(mirrors.length > 0 ? [sources] : []),
  ]
}

/**
 * As root, namespaces of its own: when the command is killed at any moment, its processes and mounts are gone, and
 * what it left on disk can be removed without reaching through a mount. An ordinary user's mmdebstrap makes its own.
 */
function enclosed(command: readonly string[], work: string): readonly string[] {
  const temporary = join(work, 'tmp')
  mkdirSync(temporary)
  const unshare = ['unshare', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child']
  const wrapper = process.getuid?.() === 0 ? unshare : []
  return [...wrapper, 'env', `TMPDIR=${temporary}`, ...command]
}

type Io = {
  readonly step: string
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
}

/** Settles when the command and everything that holds its output has ended, also on abort. */
function run(command: readonly string[], io: Io): Promise<void> {
  return new Promise((resolve, reject) => {
    io.signal?.throwIfAborted()
    const [program = '', ...args] = command
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    // unshare ignores SIGTERM while it waits for its child, and takes the child along when it is killed.
    const stop = () => child.kill(program === 'unshare' ? 'SIGKILL' : 'SIGTERM')
    io.signal?.addEventListener('abort', stop)
    let tail = ''
    child.stderr.on('data', (bytes: Uint8Array) => {
      io.emit({ kind: 'step-output', step: io.step, stream: 'stderr', bytes })
      tail = (tail + Buffer.from(bytes).toString('utf8')).slice(-2000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      io.signal?.removeEventListener('abort', stop)
      if (io.signal?.aborted) reject(io.signal.reason as Error)
      else if (code === 0) resolve()
      else reject(code === commandNotFound ? missing() : failed(code, tail))
    })
  })
}

/** What env(1) exits with when there is no such program. */
const commandNotFound = 127

function missing(): Fault {
  return new Fault(
    'MMDEBSTRAP_MISSING',
    'stand-in bases are made with mmdebstrap, which is not here',
    {
      hint: 'apt-get install -y mmdebstrap debian-archive-keyring',
    },
  )
}

function failed(code: number | null, tail: string): Fault {
  const lines = tail
    .trimEnd()
    .split('\n')
    .filter((line) => /^[EW]:|error/i.test(line))
  const why = lines.slice(-3).join('; ')
  return new Fault('ROOT_TAR_FAILED', `mmdebstrap ended with code ${code}${why && `: ${why}`}`, {
    hint: 'check that apt-get update works on this machine',
  })
}
