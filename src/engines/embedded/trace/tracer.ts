import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs'
import { constants as os } from 'node:os'
import { join } from 'node:path'
import type { OpenedFiles } from '../../../proof/index.ts'
import { makeFifo, type Sandbox } from '../sandbox/index.ts'
import { traceScript } from './script.ts'

/** Watches one container. */
export type Tracer = {
  /** Where the container's PID 1 meets the tracer. */
  readonly atRoot: NonNullable<Sandbox['atRoot']>
  /** Tells which container it is; to be called before its root is in place, or soon after. */
  readonly attach: (pid: number) => void
  /** Takes what is left, and ends. Can be asked again. */
  readonly finish: () => Promise<OpenedFiles>
}

const perl = '/usr/bin/perl'

// asm/unistd.h: fanotify_init, fanotify_mark, prctl, close
const numbers: Readonly<Record<string, readonly [number, number, number, number]>> = {
  x64: [300, 301, 157, 3],
  arm64: [262, 263, 167, 57],
}

/** Why no container can be traced on this machine, null when it seems possible. */
function traceObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'fanotify needs root'
  if (!existsSync(perl)) return `${perl} is missing`
  return numbers[process.arch] ? null : `no system call numbers for ${process.arch}`
}

/**
 * Starts a tracer that waits for its container. Its end, whatever the reason, lets the container go on: a trace that
 * fails costs the trace, never the run.
 * @param dir existing private directory, for as long as the tracer lives
 */
export function tracerFor(dir: string): Tracer | { readonly reason: string } {
  const nr = numbers[process.arch]
  const obstacle = traceObstacle()
  if (obstacle !== null || !nr) return { reason: obstacle ?? 'this machine is not known' }
  const atRoot = { ready: join(dir, 'trace-ready'), go: join(dir, 'trace-go') }
  makeFifo(atRoot.ready)
  makeFifo(atRoot.go)
  const go = openSync(atRoot.go, constants.O_RDWR)
  const child = spawn(perl, ['-e', traceScript, ...nr.map(String), atRoot.ready, atRoot.go], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {})
  const chunks: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => chunks.push(bytes))
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  }).then(() => {
    // A byte too many is read by nobody; a byte too few would hold the container for ever.
    writeSync(go, 'g')
  })
  let finished: Promise<OpenedFiles> | undefined
  return {
    atRoot,
    attach: (pid) => void child.stdin.write(`${pid}\n`),
    finish: () => {
      finished ??= (async () => {
        child.stdin.end()
        await closed
        closeSync(go)
        return filesOf(Buffer.concat(chunks).toString('utf8'))
      })()
      return finished
    },
  }
}

function filesOf(text: string): OpenedFiles {
  const [first = '', ...records] = text.split('\0')
  const [word, errno, what] = first.split(' ')
  if (word === 'fail') return { reason: `${what}: ${errorName(Number(errno))}` }
  if (word !== 'ok') return { reason: 'the tracer ended before it began' }
  const files = new Map<string, 'opened' | 'executed'>()
  let complete = true
  for (const record of records) {
    if (record === '!') complete = false
    const path = record.slice(1)
    // The kernel adds this to what was removed while it was open.
    if (!path.startsWith('/') || path.endsWith(' (deleted)')) continue
    if (record.startsWith('X')) files.set(path, 'executed')
    else if (!files.has(path)) files.set(path, 'opened')
  }
  return complete ? { files } : { reason: 'the kernel dropped events' }
}

function errorName(errno: number): string {
  return Object.entries(os.errno).find(([, value]) => value === errno)?.[0] ?? `error ${errno}`
}
