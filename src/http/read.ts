import { type ByteStream, Fault } from '../base/index.ts'

/** Collects a body that must be small. @throws Fault HTTP_TOO_LARGE */
export async function readAll(body: ByteStream, limit: number, what: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) throw new Fault('HTTP_TOO_LARGE', `${what} is over ${limit} bytes`)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}
