import { availableParallelism } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import * as zlib from 'node:zlib'
import { type ByteStream, Fault } from '../base/index.ts'
import { type BlockJob, compressBlock, type PackedBlock, workerCode } from './compress-block.ts'

/** A worker takes 30 ms to start: as long as a core compresses some blocks. */
const blocksWithoutWorkers = 4
const mostWorkers = 16
/** Bytes under way on few cores: a block that takes long should not make the others wait. */
const usualWindow = 32 * 1024 * 1024
/** How far back deflate looks. */
const window = 32_768

/**
 * Compresses a stream block by block on all cores, the results in order. Where the blocks begin depends on `blockSize`
 * alone, so the bytes are the same for any number of cores. Two to four blocks a core are in memory, which is used
 * again. A chunk of `source` is read before the next one is asked for.
 */
export async function* compressBlocks(
  source: ByteStream,
  options: {
    readonly job: BlockJob
    readonly blockSize: number
    readonly signal?: AbortSignal | undefined
    readonly cores?: number
  },
): AsyncGenerator<PackedBlock, void> {
  const { job, blockSize, signal, cores = availableParallelism() } = options
  const memory: ArrayBuffer[] = []
  const size = Math.min(cores, mostWorkers)
  const width = Math.min(size * 4, Math.max(size * 2, Math.floor(usualWindow / blockSize)))
  const pool = openPool(job, size, width, memory)
  const pending: Promise<PackedBlock>[] = []
  try {
    let count = 0
    for await (const { block, dictionary } of cut(source, blockSize, memory)) {
      signal?.throwIfAborted()
      const back = job.algorithm === 'deflate' ? dictionary : null
      if (++count <= blocksWithoutWorkers) {
        const packed = compressBlock(zlib, job, block, back)
        memory.push(block.buffer as ArrayBuffer)
        yield packed
        await turn()
        continue
      }
      const packed = pool.run(block, back)
      // Waited for below; a failure before that is not one that nobody heeds.
      packed.catch(() => {})
      pending.push(packed)
      if (pending.length >= pool.width) yield await (pending.shift() ?? packed)
    }
    for (const packed of pending) yield await packed
  } finally {
    await pool.close()
  }
}

type Block = { readonly block: Uint8Array; readonly dictionary: Uint8Array | null }

/** Blocks of equal size, the last one shorter, each in memory of its own. An empty stream has none. */
async function* cut(
  source: ByteStream,
  blockSize: number,
  memory: ArrayBuffer[],
): AsyncGenerator<Block, void> {
  const room = (): Uint8Array => new Uint8Array(memory.pop() ?? new ArrayBuffer(blockSize))
  let dictionary: Uint8Array | null = null
  let block = room()
  let fill = 0
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const count = Math.min(blockSize - fill, chunk.length - at)
      block.set(chunk.subarray(at, at + count), fill)
      at += count
      fill += count
      if (fill < blockSize) continue
      // Taken before the block moves to a worker.
      const tail: Uint8Array = Uint8Array.from(block.subarray(-window))
      yield { block, dictionary }
      dictionary = tail
      block = room()
      fill = 0
    }
  }
  if (fill > 0) yield { block: block.subarray(0, fill), dictionary }
}

type Pool = {
  /** Blocks that may be under way. */
  readonly width: number
  /** The block's memory moves to a worker, and comes back to the list when the block is done. */
  run(block: Uint8Array, dictionary: Uint8Array | null): Promise<PackedBlock>
  close(): Promise<void>
}

type Task = {
  readonly block: Uint8Array
  readonly dictionary: Uint8Array | null
  readonly done: (packed: PackedBlock) => void
  readonly failed: (error: unknown) => void
}

/** With one block waiting it need not wait for us when it is done with another. */
const tasksEach = 2

/** Workers are started one by one as blocks come; each block goes to the one that has least to do. */
function openPool(job: BlockJob, size: number, width: number, memory: ArrayBuffer[]): Pool {
  const workers = new Map<Worker, Task[]>()
  const queue: Task[] = []
  const give = (): void => {
    while (queue.length > 0) {
      const [least] = [...workers].sort(([, a], [, b]) => a.length - b.length)
      const busy = !least || least[1].length > 0
      const [worker, tasks] = busy && workers.size < size ? start() : (least ?? start())
      if (tasks.length >= tasksEach) return
      const task = queue.shift()
      if (!task) return
      tasks.push(task)
      const { block, dictionary } = task
      worker.postMessage({ block, dictionary }, [block.buffer as ArrayBuffer])
    }
  }
  const start = (): readonly [Worker, Task[]] => {
    const worker = new Worker(workerCode, { eval: true, workerData: job, execArgv: [] })
    const tasks: Task[] = []
    worker.on('message', (answer: { packed: PackedBlock; memory: ArrayBuffer }) => {
      memory.push(answer.memory)
      tasks.shift()?.done(answer.packed)
      give()
    })
    worker.on('error', (error) => {
      const all = [...workers.values()].flatMap((those) => those.splice(0))
      for (const task of [...all, ...queue.splice(0)]) task.failed(broken(error))
    })
    workers.set(worker, tasks)
    return [worker, tasks]
  }
  return {
    width,
    run: (block, dictionary) =>
      new Promise((done, failed) => {
        queue.push({ block, dictionary, done, failed })
        give()
      }),
    close: async () => {
      await Promise.all([...workers.keys()].map((worker) => worker.terminate()))
    },
  }
}

function broken(cause: unknown): Fault {
  return new Fault('COMPRESSION_FAILED', `a block could not be compressed: ${String(cause)}`, {
    kind: 'internal',
    cause,
  })
}
