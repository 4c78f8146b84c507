import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type EventSink, Fault } from '../../base/index.ts'
import type { StepCounts } from './ask.ts'
import { plainProgress } from './progress.ts'

/**
 * Runs a client of BuildKit to its end and tells of its steps. The environment is ours, so that it finds its server as
 * it does for its user.
 * @throws Fault ENGINE_MISSING when there is no such program, ENGINE_BUILD_FAILED with what it said
 */
export async function runClient(
  program: string,
  args: readonly string[],
  {
    emit,
    signal,
    env = [],
  }: {
    readonly emit: EventSink
    readonly signal?: AbortSignal | undefined
    /** `NAME=value`, added to our own. */
    readonly env?: readonly string[]
  },
): Promise<StepCounts> {
  signal?.throwIfAborted()
  const progress = plainProgress(emit)
  const child = spawn('env', [...env, program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  // The client cancels its build when it is interrupted; killed at once it would leave it to its server.
  const interrupt = (): void => void child.kill('SIGINT')
  signal?.addEventListener('abort', interrupt, { once: true })
  const lines = createInterface({ input: child.stderr }).on('line', progress.line)
  const read = new Promise<void>((resolve) => void lines.once('close', resolve))
  try {
    const [code] = await Promise.all([
      new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('exit', resolve)
      }),
      read,
    ])
    signal?.throwIfAborted()
    if (code === 0) return progress.counts()
    const said = progress.errors()
    if (code === 127 && said.some((line) => line.startsWith('env:'))) throw missing(program)
    throw new Fault('ENGINE_BUILD_FAILED', [`${program} could not build it:`, ...said].join('\n'), {
      hint: 'the same build with the embedded engine (--engine embedded) may say more',
    })
  } finally {
    signal?.removeEventListener('abort', interrupt)
  }
}

function missing(program: string): Fault {
  return new Fault('ENGINE_MISSING', `there is no program ${program}`, {
    kind: 'invalid',
    hint: 'put it on PATH, or leave --engine out: the embedded engine needs none',
  })
}
