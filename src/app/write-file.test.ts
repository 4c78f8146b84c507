import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { tempFolder } from '../../test/support/temp-store.ts'
import type { ByteStream } from '../base/index.ts'
import { writeFile } from './write-file.ts'
import { writeStream } from './write-stream.ts'

const { signal } = new AbortController()

async function* bytesOf(said: string): ByteStream {
  yield Buffer.from(said)
}

const ways: readonly (readonly [string, (path: string, said: string) => Promise<void>])[] = [
  ['a text', async (path, said) => writeFile(path, said)],
  [
    'a stream',
    (file, said) => writeStream(bytesOf(said), { file, stdout: new PassThrough() }, signal),
  ],
]

test.each(ways)('%s replaces a file and leaves nothing beside it', async (_, write) => {
  const folder = tempFolder()
  const path = join(folder, 'out')
  await write(path, 'one')
  await write(path, 'two')
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(readdirSync(folder)).toEqual(['out'])
})

test.each(ways)('%s goes through a link to a file', async (_, write) => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'real'), 'old')
  symlinkSync('real', join(folder, 'link'))
  await write(join(folder, 'link'), 'new')
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new')
})

test.each(ways)('%s goes into a pipe and never takes its place', async (_, write) => {
  const folder = tempFolder()
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const reader = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const read = text(reader.stdout)
  await write(path, 'through')
  expect(await read).toBe('through')
  expect(statSync(path).isFIFO()).toBe(true)
  expect(readdirSync(folder)).toEqual(['pipe'])
})

test('a mode stays, a folder is made, what cannot be written is said', () => {
  const folder = tempFolder()
  const path = join(folder, 'new/out')
  writeFile(path, 'one')
  chmodSync(path, 0o600)
  writeFile(path, 'two')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(() => writeFile(join(path, 'below'), '')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }),
  )
  expect(() => writeFile(folder, '')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }),
  )
})

test('a folder that cannot be made is an error, and not an endless attempt', () => {
  expect(() => writeFile('/proc/none/deeper/file', 'x')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }),
  )
})
