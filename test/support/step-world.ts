import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Event } from '../../src/base/index.ts'
import type { LayerId, RunStep, StepIo } from '../../src/build/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engines/index.ts'
import type { Store } from '../../src/store/index.ts'
import { type Minbase, minbaseStore } from './minbase.ts'

export const quiet: StepIo = { step: 'test', emit: () => {} }

export type Ran = {
  readonly exitCode: number
  readonly layer: LayerId | null
  /** Both streams, as they came. */
  readonly output: string
}

export type StepWorld = {
  readonly store: Store
  /** The layer of Debian. */
  readonly base: LayerId
  readonly engine: EmbeddedEngine
  /** Runs a command over Debian: a line for the shell, or words. */
  readonly run: (
    command: string | readonly string[],
    over?: Partial<RunStep>,
    options?: { readonly signal?: AbortSignal; readonly engine?: EmbeddedEngine },
  ) => Promise<Ran>
  /** Every path of a layer but the root, sorted: `path` or `path whiteout`. */
  readonly content: (layer: LayerId | null) => string[]
  /** Names in the store's folders of unfinished work. */
  readonly leftovers: () => string[]
}

/** An engine over a store that holds Debian, for the tests of one file. */
export function useStepWorld(): StepWorld {
  let world: Minbase
  let engine: EmbeddedEngine
  beforeAll(() => {
    world = minbaseStore()
    engine = createEmbeddedEngine({ store: world.store })
  })
  afterAll(() => {
    world.remove()
  })
  return {
    get store() {
      return world.store
    },
    get base() {
      return world.base
    },
    get engine() {
      return engine
    },
    run: (command, over = {}, options = {}) =>
      run(options.engine ?? engine, command, { base: [world.base], ...over }, options.signal),
    content: (layer) => contentOf(world.store, layer),
    leftovers: () =>
      ['work', 'drafts'].flatMap((name) => readdirSync(join(world.store.root, name))),
  }
}

async function run(
  engine: EmbeddedEngine,
  command: string | readonly string[],
  over: Partial<RunStep> & Pick<RunStep, 'base'>,
  signal: AbortSignal | undefined,
): Promise<Ran> {
  const output: Buffer[] = []
  const emit = (event: Event): void => {
    if (event.kind === 'step-output') output.push(Buffer.from(event.bytes))
  }
  const step: RunStep = {
    argv: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root'],
    cwd: '/',
    user: { uid: 0, gid: 0, groups: [] },
    mounts: [],
    network: 'host',
    addHosts: [],
    stdin: null,
    ...over,
  }
  const outcome = await engine.steps.run(step, { step: 'test', emit, signal })
  return { ...outcome, output: Buffer.concat(output).toString('utf8') }
}

function contentOf(store: Store, layer: LayerId | null): string[] {
  if (layer === null) throw new Error('no layer')
  const format = ['-type', 'c', '-printf', '/%P whiteout\\n', '-o', '-printf', '/%P\\n']
  const found = execFileSync('find', [store.layerPath(layer), '-mindepth', '1', ...format], {
    encoding: 'utf8',
  })
  return found.split('\n').filter(Boolean).sort()
}

/** Processes that this test process has started and that still run, with their command lines. */
export function descendants(): string[] {
  const all = readdirSync('/proc').flatMap((pid) =>
    /^\d+$/.test(pid) ? (readProcess(pid) ?? []) : [],
  )
  const mine = new Set([process.pid])
  for (let before = 0; before !== mine.size; ) {
    before = mine.size
    for (const { pid, parent } of all) if (mine.has(parent)) mine.add(pid)
  }
  return all
    .filter(({ pid }) => pid !== process.pid && mine.has(pid))
    .map(({ pid, line }) => `${pid} ${line}`)
}

function readProcess(pid: string): { pid: number; parent: number; line: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return state === 'Z' ? undefined : { pid: Number(pid), parent: Number(parent), line }
  } catch {
    // It has just ended.
    return undefined
  }
}
