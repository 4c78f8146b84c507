import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { hostTree } from '../../../test/support/host-tree.ts'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { unpackedPackage } from '../../../test/support/unpacked-package.ts'
import { partsOf } from './index.ts'

test("Go's own record in a program that Debian built", () => {
  const tree = hostTree(unpackedPackage('runc'))
  const parts = partsOf(tree, '/usr/sbin/runc')
  expect(parts?.made).toMatch(/^Go 1\.\d+/)
})

test('the record of modules: replaced ones count, the main module does not', () => {
  const modules = [
    'path\texample.org/app',
    'mod\texample.org/app\t(devel)\t',
    'dep\texample.org/a\tv1.2.3\th1:x',
    'dep\texample.org/b\tv0.1.0',
    '=>\texample.org/fork\tv0.2.0\th1:y',
    'build\t-compiler=gc',
  ].join('\n')
  const marked = Buffer.concat([
    Buffer.alloc(16, 0xaa),
    Buffer.from(modules),
    Buffer.alloc(16, 0xbb),
  ])
  const record = Buffer.concat([
    Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'),
    Buffer.alloc(16),
    varint(8),
    Buffer.from('go1.22.5'),
    varint(marked.length),
    marked,
  ])
  const tree = memoryTree([{ '/app': elfWith('.go.buildinfo', record) }])
  expect(partsOf(tree, '/app')).toEqual({
    made: 'Go 1.22.5',
    components: [
      { name: 'example.org/a', version: 'v1.2.3' },
      { name: 'example.org/fork', version: 'v0.2.0' },
    ],
  })
})

test('crates of cargo-auditable, those of the build left out', () => {
  const packages = [
    { name: 'app', version: '0.1.0', source: 'local', root: true },
    { name: 'cc', version: '1.0.0', source: 'registry', kind: 'build' },
    { name: 'libc', version: '0.2.150', source: 'registry' },
  ]
  const section = deflateSync(Buffer.from(JSON.stringify({ packages })))
  const tree = memoryTree([{ '/app': elfWith('.dep-v0', section) }])
  expect(partsOf(tree, '/app')).toEqual({
    made: 'Rust',
    components: [
      { name: 'app', version: '0.1.0' },
      { name: 'libc', version: '0.2.150' },
    ],
  })
})

test('other programs, damaged records and plain files say nothing, and nothing is thrown', () => {
  const record = Buffer.from('\xff Go buildinf:\x08\x02', 'latin1')
  const files = {
    '/none': elfWith('.text', Buffer.from('x')),
    '/short': elfWith('.go.buildinfo', record),
    '/endless': elfWith(
      '.go.buildinfo',
      Buffer.concat([record, Buffer.alloc(16), Buffer.alloc(9, 0xff)]),
    ),
    '/broken': elfWith('.dep-v0', Buffer.from('no zlib')),
    '/text': 'text',
  }
  const tree = memoryTree([files])
  expect(Object.keys(files).map((path) => partsOf(tree, path))).toEqual(
    Object.keys(files).map(() => undefined),
  )
})

function varint(length: number): Buffer {
  const bytes: number[] = []
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      bytes.push(rest)
      return Buffer.from(bytes)
    }
    bytes.push((rest % 128) | 0x80)
  }
}

/** A 64-bit little-endian ELF file with one section beside the table of names. */
function elfWith(
  name: string,
  content: Buffer,
): { readonly text: Uint8Array; readonly mode: number } {
  const names = Buffer.from(`\0${name}\0.shstrtab\0`)
  const head = Buffer.alloc(64)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  head.writeUInt16LE(2, 16)
  head.writeUInt16LE(62, 18)
  const table = 64 + content.length + names.length
  head.writeBigUInt64LE(BigInt(table), 40)
  for (const [at, value] of [
    [52, 64],
    [58, 64],
    [60, 3],
    [62, 2],
  ] as const)
    head.writeUInt16LE(value, at)
  const section = (nameAt: number, offset: number, size: number): Buffer => {
    const out = Buffer.alloc(64)
    out.writeUInt32LE(nameAt, 0)
    out.writeBigUInt64LE(BigInt(offset), 24)
    out.writeBigUInt64LE(BigInt(size), 32)
    return out
  }
  const sections = [
    Buffer.alloc(64),
    section(1, 64, content.length),
    section(name.length + 2, 64 + content.length, names.length),
  ]
  return { text: Buffer.concat([head, content, names, ...sections]), mode: 0o755 }
}
