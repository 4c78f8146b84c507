import { expect, test } from 'vitest'
import { elfFile } from '../../../test/support/elf-file.ts'
import { readElf } from './read-elf.ts'

const plan = {
  program: true,
  interpreter: '/lib/ld.so',
  needed: ['liba.so.1', 'libb.so.2'],
  rpath: '/one:$ORIGIN/../two',
  runpath: '/three',
  versionNeeds: { 'liba.so.1': ['A_1', 'A_2'], 'libb.so.2': ['B_1'] },
  versionDefs: ['P_1', 'P_2'],
}

test.for([
  { bits: 64, big: false, machine: 62 },
  { bits: 32, big: false, machine: 3 },
  { bits: 64, big: true, machine: 22 },
  { bits: 32, big: true, machine: 20 },
] as const)('reads $bits bits, big endian $big', ({ bits, big, machine }) => {
  expect(readElf(elfFile({ ...plan, bits, big, machine }))).toEqual({
    bits,
    machine,
    type: 'executable',
    interpreter: plan.interpreter,
    needed: plan.needed,
    rpath: ['/one', '$ORIGIN/../two'],
    runpath: ['/three'],
    versionNeeds: new Map(Object.entries(plan.versionNeeds)),
    versionDefs: plan.versionDefs,
  })
})

test('a version table that loops ends', () => {
  const bytes = elfFile({ needed: ['liba.so'], versionNeeds: { 'liba.so': ['A_1'] } })
  const view = new DataView(bytes.buffer)
  // The table stands right behind three program headers; its entry count and `next` make it point at itself.
  const table = 64 + 3 * 56
  view.setUint32(table + 12, 0xffffffff, true)
  view.setUint32(table + 16 + 12, 0xffffffff, true)
  expect(readElf(bytes)?.needed).toEqual(['liba.so'])
})

test('what is no ELF file is nothing', () => {
  expect(readElf(new Uint8Array(0))).toBeUndefined()
  expect(readElf(new TextEncoder().encode('#!/bin/sh\n'.repeat(20)))).toBeUndefined()
  expect(readElf(elfFile({}).subarray(0, 40))).toBeUndefined()
})
