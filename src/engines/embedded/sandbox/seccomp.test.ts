import { expect, test } from 'vitest'
import { dockerSeccomp } from './seccomp.ts'
import { type SeccompTable, seccompTables } from './seccomp-table.ts'

const allow = 0x7fff0000
const eperm = 0x00050001
const enosys = 0x00050026

/** Runs a classic BPF program over a `struct seccomp_data`, as the kernel does (net/core/filter.c). */
function evaluate(program: Uint8Array, audit: number, number: number, argument = 0): number {
  const code = Buffer.from(program)
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number, 0)
  data.writeUInt32LE(audit, 4)
  data.writeUInt32LE(argument, 16)
  let accumulator = 0
  for (let at = 0; at < code.length / 8; at++) {
    const opcode = code.readUInt16LE(at * 8)
    const k = code.readUInt32LE(at * 8 + 4)
    const jump = (taken: boolean): number => code.readUInt8(at * 8 + (taken ? 2 : 3))
    if (opcode === 0x20) accumulator = data.readUInt32LE(k)
    else if (opcode === 0x06) return k
    else if (opcode === 0x05) at += k
    else if (opcode === 0x15) at += jump(accumulator === k)
    else if (opcode === 0x35) at += jump(accumulator >= k)
    else if (opcode === 0x45) at += jump((accumulator & k) !== 0)
    else throw new Error(`unknown opcode ${opcode}`)
  }
  throw new Error('the program ends without an answer')
}

function programOf(arch: string): Uint8Array {
  const program = dockerSeccomp(arch)
  if (!program) throw new Error(`no program for ${arch}`)
  return program
}

function expected(table: SeccompTable, number: number): number {
  if (number === table.clone3 || number > table.last) return enosys
  return table.denied.includes(number) ? eperm : allow
}

test.each(['x64', 'arm64'])('%s: every number gets the verdict of its table', (arch) => {
  const program = programOf(arch)
  const tables = seccompTables(arch) ?? []
  expect(tables.length).toBeGreaterThan(0)
  for (const table of tables)
    for (let number = 0; number < table.last + 50; number++)
      // With argument 0 the calls that are decided by argument are allowed.
      expect([table.audit, number, evaluate(program, table.audit, number)]).toEqual([
        table.audit,
        number,
        expected(table, number),
      ])
})

test.each(['x64', 'arm64'])(
  '%s: clone, socket and personality are decided by their argument',
  (arch) => {
    const program = programOf(arch)
    for (const table of seccompTables(arch) ?? []) {
      const ask = (number: number, argument: number): number =>
        evaluate(program, table.audit, number, argument)
      const namespaces = [
        0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
      ]
      for (const flag of namespaces) expect(ask(table.clone, flag | 17)).toBe(eperm)
      expect(ask(table.clone, 0x3d0f00)).toBe(allow) // what pthread_create passes
      for (let family = 0; family < 50; family++)
        expect(ask(table.socket, family)).toBe(family === 38 || family === 40 ? eperm : allow)
      for (const persona of [0, 0x8, 0x20000, 0x20008, 0xffffffff])
        expect(ask(table.personality, persona)).toBe(allow)
      for (const persona of [1, 0x40000, 0x20009])
        expect(ask(table.personality, persona)).toBe(eperm)
    }
  },
)

test.each(['x64', 'arm64'])(
  '%s: a capability opens the calls that go with it, and no others',
  (arch) => {
    const with_ = (capabilities: readonly string[]) => {
      const program = dockerSeccomp(arch, capabilities) ?? new Uint8Array()
      return (table: SeccompTable, number: number, argument = 0) =>
        evaluate(program, table.audit, number, argument)
    }
    const [usual, time, admin] = [with_([]), with_(['CAP_SYS_TIME']), with_(['CAP_SYS_ADMIN'])]
    for (const table of seccompTables(arch) ?? []) {
      const opened = (ask: typeof usual): number[] =>
        table.denied.filter((number) => ask(table, number) === allow)
      expect(opened(usual)).toEqual([])
      expect(opened(time).length).toBe(table.name === 'i386' ? 4 : 2)
      expect(opened(admin).length).toBe(table.name === 'i386' ? 21 : 20)
      expect(admin(table, table.clone, 0x10000000)).toBe(allow)
      expect(admin(table, table.clone3)).toBe(allow)
      expect(time(table, table.clone, 0x10000000)).toBe(eperm)
      expect(time(table, table.clone3)).toBe(enosys)
    }
  },
)

test('an architecture that is not listed gets no call through, x32 neither', () => {
  expect(evaluate(programOf('x64'), 0x40000028, 1)).toBe(enosys)
  expect(evaluate(programOf('x64'), 0xc000003e, 0x40000000 + 1)).toBe(enosys)
  expect(dockerSeccomp('riscv64')).toBeUndefined()
})

test('the kernel takes the program: at most 4096 instructions', () => {
  for (const arch of ['x64', 'arm64']) expect(programOf(arch).length / 8).toBeLessThan(4096)
})
