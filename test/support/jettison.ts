import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A process group of its own, as a shell gives every command: signal it with its negative pid. */
  readonly ownGroup?: boolean
}

/** A jettison that is still running. */
export type Started = {
  readonly child: ChildProcess
  /** What it wrote to stdout and stderr so far. */
  readonly seen: () => string
  /** Resolves when stdout and stderr together match; rejects when it ends before. */
  readonly until: (pattern: RegExp) => Promise<void>
  readonly ended: Promise<Ran>
}

/** The command as a user has it, on one store. */
export type Cli = {
  readonly store: string
  run(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** @returns stdout; throws with everything it said unless it exits with 0 */
  ok(args: readonly string[], options?: RunOptions): Promise<string>
  start(args: readonly string[], options?: RunOptions): Started
}

const program = join(import.meta.dirname, '../../bin/jettison')

export function cliOn(store: string): Cli {
  const start: Cli['start'] = (args, options = {}) => {
    const env = Object.entries({ NO_COLOR: '1', JETTISON_HOME: store, ...options.env })
    const child = spawn('env', [...env.map((pair) => pair.join('=')), program, ...args], {
      cwd: options.cwd,
      detached: options.ownGroup === true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return watch(child)
  }
  const run: Cli['run'] = (args, options) => start(args, options).ended
  return {
    store,
    start,
    run,
    ok: async (args, options) => {
      const ran = await run(args, options)
      if (ran.code !== 0)
        throw new Error(
          `jettison ${args.join(' ')}: exit ${ran.code}\n${ran.stdout}\n${ran.stderr}`,
        )
      return ran.stdout
    },
  }
}

/** Any program, watched. */
export function watch(child: ChildProcess): Started {
  const text = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const seen = (): string => text.stdout + text.stderr
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      for (const look of waiting) look()
    })
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({ code: code ?? (signal === null ? 1 : 128), ...text }),
    )
  })
  const until: Started['until'] = (pattern) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(seen())) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      ended.then(() => {
        if (!pattern.test(seen())) reject(new Error(`ended without ${pattern}:\n${seen()}`))
      }, reject)
    })
  return { child, seen, until, ended }
}

/** Writes files by relative path, folders made as needed. @returns the folder */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Everything of a store that outlived its command: mounts, processes, and what was being written. Empty when clean. */
export function leftovers(store: string): readonly string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(store))
    .map((line) => `mount: ${line}`)
  const halves = ['drafts', 'tmp', 'work', 'leases'].flatMap((folder) =>
    filesUnder(join(store, folder)).map((name) => `${folder}: ${name}`),
  )
  return [...mounts, ...processesOn(store), ...halves]
}

/** The same in a store that other tests may be using: what is theirs goes away when their command ends. */
export async function lasting(store: string): Promise<readonly string[]> {
  let left = leftovers(store)
  for (let tries = 0; left.length > 0 && tries < 3000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const now = new Set(leftovers(store))
    left = left.filter((line) => now.has(line))
  }
  return left
}

/** Processes that see a mount of the store in their own namespace or name it on their command line. */
function processesOn(store: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
      const uses = command.includes(store) || read(`/proc/${pid}/mountinfo`).includes(store)
      return uses && command !== '' ? [`process ${pid}: ${command}`] : []
    })
}

function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
