import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../base/index.ts'
import type { CopySource, GitReference } from '../../build/index.ts'
import { compilePatterns } from '../../image/index.ts'
import { openDirectory } from '../directory.ts'
import { treeSource } from '../tree-source.ts'

export type Checkout = CopySource & {
  /** When the commit was made, seconds since the epoch. */
  readonly committed: number
}

export type CheckOutOptions = {
  /** An absent path for the working tree; removed by the caller. */
  readonly dir: string
  readonly keepGitDir: boolean
  /** Hex prefix of the commit. */
  readonly checksum: string | null
  readonly signal?: AbortSignal | undefined
}

/**
 * Fetches one commit with the host's git and shows its files, owner 0:0. No configuration of the user or the machine
 * counts, no hook runs, nothing asks for a password, and only network protocols are spoken.
 * @throws Fault GIT_MISSING, GIT_FAILED, GIT_CHECKSUM, GIT_SUBDIR
 */
export async function checkOut(
  reference: GitReference,
  options: CheckOutOptions,
): Promise<Checkout> {
  const { dir, checksum, signal } = options
  mkdirSync(dir, { mode: 0o755 })
  const git = (...args: readonly string[]): Promise<string> => runGit(dir, args, signal)
  await git('init', '--quiet', '--initial-branch=main', '.')
  await git('remote', 'add', 'origin', reference.remote)
  await fetchRef(git, reference.ref)
  await git('checkout', '--quiet', '--force', '--detach', 'FETCH_HEAD^{commit}')
  const commit = (await git('rev-parse', 'HEAD')).trim()
  if (checksum !== null && !commit.startsWith(checksum))
    throw new Fault('GIT_CHECKSUM', `expected checksum to match ${checksum}, got ${commit}`, {
      hint: 'the repository has moved on; check what changed before you take the new commit',
    })
  const committed = Number((await git('log', '-1', '--format=%ct')).trim())
  if (reference.submodules && existsSync(join(dir, '.gitmodules')))
    await git('submodule', 'update', '--quiet', '--init', '--recursive', '--depth=1')
  if (!options.keepGitDir) rmSync(join(dir, '.git'), { recursive: true })
  const root = insideOf(dir, reference.subdir)
  const tree = openDirectory(root, compilePatterns([]))
  const source = treeSource(tree, (path) => {
    const host = tree.host(path)
    return typeof host === 'string' ? host : null
  })
  return { ...source, committed }
}

type Git = (...args: readonly string[]) => Promise<string>

/** A commit, a full ref, or a branch or tag by its short name; the whole history where shallow fetching is refused. */
async function fetchRef(git: Git, ref: string): Promise<void> {
  const fetch = ['fetch', '--quiet', '--no-tags'] as const
  const works = (...args: readonly string[]): Promise<boolean> =>
    git(...args).then(
      () => true,
      () => false,
    )
  const wanted = ref === '' ? 'HEAD' : ref
  if (await works(...fetch, '--depth=1', 'origin', wanted)) return
  const mayBeCommit = /^[0-9a-f]{7,64}$/.test(ref)
  if (!mayBeCommit) await git(...fetch, 'origin', wanted)
  else if (!(await works(...fetch, 'origin', wanted))) {
    // A commit that the server does not hand out by its name may be reachable from a branch or tag.
    await git('fetch', '--quiet', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*')
    await git('update-ref', 'FETCH_HEAD', `${ref}^{commit}`)
  }
}

/** @throws Fault GIT_SUBDIR when a link leads out of the checkout or nothing is there */
function insideOf(dir: string, subdir: string): string {
  const top = realpathSync(dir)
  if (subdir === '') return top
  const wanted = join(top, subdir)
  const real = existsSync(wanted) ? realpathSync(wanted) : null
  if (real !== null && (real === top || real.startsWith(`${top}/`))) return real
  throw new Fault('GIT_SUBDIR', `the repository has no directory ${subdir}`, { kind: 'invalid' })
}

const settings: readonly string[] = [
  'protocol.allow=never',
  'protocol.http.allow=always',
  'protocol.https.allow=always',
  'protocol.ssh.allow=always',
  'protocol.git.allow=always',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'credential.helper=',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting])

const environment: readonly string[] = [
  ...['GIT_CONFIG_NOSYSTEM=1', 'GIT_CONFIG_GLOBAL=/dev/null', 'GIT_TERMINAL_PROMPT=0'],
  ...['GIT_ASKPASS=true', 'SSH_ASKPASS=true', 'LC_ALL=C'],
]

function runGit(
  dir: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  // The modes of a checkout come from the umask: BuildKit's is 022.
  const script = 'umask 022; exec env "$@"'
  const command = ['-c', script, 'sh', ...environment, 'git', ...settings, ...args]
  return new Promise((resolve, reject) => {
    const child = spawn('sh', command, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], signal })
    const texts = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.stderr = (texts.stderr + text).slice(-4000)
    })
    child.on('error', (cause) => reject(signal?.aborted ? cause : missing(cause)))
    child.on('close', (code) => {
      if (code === 0) resolve(texts.stdout)
      else if (code === 127) reject(missing(texts.stderr))
      else reject(failed(args, texts.stderr))
    })
  })
}

function missing(cause: unknown): Fault {
  return new Fault('GIT_MISSING', 'this machine has no git, which ADD needs for repositories', {
    hint: 'install git, or COPY the files from the build context',
    cause,
  })
}

function failed(args: readonly string[], stderr: string): Fault {
  return new Fault('GIT_FAILED', `git ${args[0] ?? ''} failed: ${stderr.trim()}`, {
    hint: 'check the address and the ref; no password is asked for during a build',
  })
}
