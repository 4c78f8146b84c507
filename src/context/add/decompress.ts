import { spawn } from 'node:child_process'
import { pipeline, Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { type ByteStream, Fault, isFault } from '../../base/index.ts'

export type ArchiveFormat = 'tar' | 'gzip' | 'bzip2' | 'xz' | 'zstd'

const magics: readonly (readonly [ArchiveFormat, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]

/**
 * What a file looks like by its first 512 bytes, whatever its name: null when it is neither compressed nor a tar.
 * Old tars without `ustar` in their header are known by its checksum, as Go's reader knows them.
 */
export function detectArchive(head: Uint8Array): ArchiveFormat | null {
  const compressed = magics.find(([, magic]) => magic.every((byte, at) => head[at] === byte))
  if (compressed) return compressed[0]
  return head.length >= 512 && hasTarChecksum(head) ? 'tar' : null
}

function hasTarChecksum(block: Uint8Array): boolean {
  const field = Buffer.from(block.subarray(148, 156)).toString('latin1')
  const claimed = Number.parseInt(field.replace(/[\0 ]/g, ' ').trim(), 8)
  let sum = 0
  for (let at = 0; at < 512; at++) sum += at >= 148 && at < 156 ? 32 : (block[at] ?? 0)
  return sum > 256 && claimed === sum
}

/**
 * Undoes the compression. gzip, and zstd where Node has it, in process; the others by the tool of that name, which has
 * to be installed. Ending early ends the tool.
 * @throws Fault ADD_TOOL_MISSING, ADD_ARCHIVE_DAMAGED
 */
export function decompress(
  source: ByteStream,
  format: ArchiveFormat,
  signal: AbortSignal | undefined,
): ByteStream {
  if (format === 'tar') return source
  if (format === 'gzip') return through(source, zlib.createGunzip({ chunkSize: 256 * 1024 }))
  // From Node 22.15 and 23.8 on.
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform }
  if (format === 'zstd' && createZstdDecompress) return through(source, createZstdDecompress())
  return throughTool(source, format, signal)
}

async function* through(source: ByteStream, transform: Transform): ByteStream {
  // A failing source destroys the transform, so the loop below throws its error.
  pipeline(Readable.from(source), transform, () => {})
  try {
    for await (const chunk of transform) yield chunk as Uint8Array
  } catch (error) {
    throw isFault(error) ? error : damaged(error)
  } finally {
    transform.destroy()
  }
}

async function* throughTool(
  source: ByteStream,
  tool: 'bzip2' | 'xz' | 'zstd',
  signal: AbortSignal | undefined,
): ByteStream {
  const child = spawn(tool, ['-dc'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(signal ? { signal } : {}),
  })
  const ended = new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.once('error', resolve)
    child.once('close', (code) => resolve(code ?? 1))
  })
  let failure: unknown
  pipeline(Readable.from(source), child.stdin, (error) => {
    failure = error
  })
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const end = await ended
    signal?.throwIfAborted()
    if (end instanceof Error) throw end.code === 'ENOENT' ? missing(tool, end) : damaged(end)
    if (end !== 0) throw isFault(failure) ? failure : damaged(failure)
  } finally {
    child.kill('SIGKILL')
  }
}

const packages = { bzip2: 'bzip2', xz: 'xz-utils', zstd: 'zstd' } as const

function missing(tool: keyof typeof packages, cause: unknown): Fault {
  return new Fault('ADD_TOOL_MISSING', `ADD needs the program ${tool} to unpack this archive`, {
    hint: `install it (Debian: apt-get install ${packages[tool]}), or unpack the archive and use COPY`,
    cause,
  })
}

function damaged(cause: unknown): Fault {
  return new Fault('ADD_ARCHIVE_DAMAGED', 'the compressed archive is damaged', {
    kind: 'invalid',
    cause,
  })
}
