import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { encodeTarHeader, type TarHeader, tarEnd, tarPadding } from '../../src/image/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

/** A directory that is gone when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jettison-test-'))
  onTestFinished(() => {
    // Not rmSync: hostile trees are too deep for absolute paths.
    execFileSync('rm', ['-rf', '--', folder])
  })
  return folder
}

export function tempStore(): Store {
  return openStore(join(tempFolder(), 'store'))
}

/** A member of an archive in a test; what is not said is plain. */
export type Member = Partial<TarHeader> & {
  readonly name: string
  readonly body?: string | Uint8Array
}

export function tarOf(members: readonly Member[]): Buffer {
  const parts = members.flatMap(({ body, ...rest }) => {
    const bytes = Buffer.from(body ?? '')
    const header: TarHeader = {
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 1,
      size: bytes.length,
      ...rest,
    }
    return [encodeTarHeader(header), bytes, new Uint8Array(tarPadding(bytes.length))]
  })
  return Buffer.concat([...parts, tarEnd])
}

/** Bytes in pieces of an awkward size, as a network delivers them. */
export async function* inPieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}
