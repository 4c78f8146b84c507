import { expect, test } from 'vitest'
import { decodeText } from './text.ts'

const words = 'Flask==3.0 # Größe\n'
const little = Buffer.from(`\uFEFF${words}`, 'utf16le')

test.each([
  ['UTF-8', Buffer.from(words)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${words}`)],
  ['UTF-16, low byte first', little],
  ['UTF-16, high byte first', Buffer.from(little).swap16()],
])('%s', (_, bytes) => {
  expect(decodeText(bytes)).toBe(words)
})
