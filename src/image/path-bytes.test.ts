import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeLatin1Name, decodePath, encodePath } from './path-bytes.ts'

test('every byte string survives', async () => {
  await fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      expect(encodePath(decodePath(bytes))).toEqual(Buffer.from(bytes))
      expect(decodeLatin1Name(Buffer.from(bytes).toString('latin1'))).toBe(decodePath(bytes))
    }),
  )
})

test('valid text stays as it is, the replacement character too', () => {
  for (const text of ['usr/bin', 'Főtanúsítvány.crt', 'a\ufffdb', '😀'])
    expect(decodePath(Buffer.from(text))).toBe(text)
})
