import { mayMakeNamespaces, refusedCalls } from './seccomp-caps.ts'
import { type SeccompTable, seccompTables } from './seccomp-table.ts'

/** One classic BPF instruction (linux/filter.h). */
type Instruction = {
  readonly code: number
  readonly jt: number
  readonly jf: number
  readonly k: number
}

const loadWord = 0x20
const jumpEqual = 0x15
const jumpGreaterEqual = 0x35
const jumpAnySet = 0x45
const answer = 0x06

const allow = 0x7fff0000
const refuse = 0x00050001 // SECCOMP_RET_ERRNO | EPERM
const unknown = 0x00050026 // SECCOMP_RET_ERRNO | ENOSYS

// struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits (little endian)
const numberOffset = 0
const archOffset = 4
const firstArgument = 16

/** CLONE_NEWNS|NEWCGROUP|NEWUTS|NEWIPC|NEWUSER|NEWPID|NEWNET */
const namespaceFlags = 0x7e020000
const addressFamilies = { alg: 38, vsock: 40 }
const personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff]

/**
 * Docker's default profile for a process with these capabilities (absent: Docker's own) as a classic BPF program (`struct sock_filter[]`, little endian) for seccomp(2), or
 * undefined for an architecture that has no table. Numbers are decided by a binary search over ranges.
 */
export function dockerSeccomp(
  arch: string,
  capabilities: readonly string[] = [],
): Uint8Array | undefined {
  const tables = seccompTables(arch)
  if (!tables) return undefined
  const program: Instruction[] = [load(archOffset)]
  for (const table of tables) {
    const block = [load(numberOffset), ...decide(rangesOf(table, capabilities))]
    // A block may be longer than the 8 bits of a conditional jump: skip it with an unconditional one.
    program.push({ code: jumpEqual, jt: 1, jf: 0, k: table.audit })
    program.push({ code: 0x05, jt: 0, jf: 0, k: block.length })
    program.push(...block)
  }
  program.push(give(unknown))
  return encode(program)
}

type Verdict =
  | { readonly kind: 'give'; readonly value: number }
  | { readonly kind: 'block'; readonly code: readonly Instruction[] }
type Span = { readonly from: number; readonly verdict: Verdict }

/** The number line cut where the verdict changes; x32's numbers (bit 30) lie above `last`. */
function rangesOf(table: SeccompTable, capabilities: readonly string[]): Span[] {
  const namespaces = mayMakeNamespaces(capabilities)
  const open: Verdict = { kind: 'give', value: allow }
  const special = new Map<number, Verdict>([
    [table.clone, namespaces ? open : { kind: 'block', code: cloneRule() }],
    [table.clone3, namespaces ? open : { kind: 'give', value: unknown }],
    [table.socket, { kind: 'block', code: socketRule() }],
    [table.personality, { kind: 'block', code: personalityRule() }],
  ])
  const denied = refusedCalls(table, capabilities)
  const spans: Span[] = []
  for (let number = 0; number <= table.last; number++) {
    const verdict = special.get(number) ?? {
      kind: 'give',
      value: denied.has(number) ? refuse : allow,
    }
    const previous = spans.at(-1)?.verdict
    if (previous?.kind === 'give' && verdict.kind === 'give' && previous.value === verdict.value)
      continue
    spans.push({ from: number, verdict })
  }
  return [...spans, { from: table.last + 1, verdict: { kind: 'give', value: unknown } }]
}

function decide(spans: readonly Span[]): Instruction[] {
  const [only, ...rest] = spans
  if (only && rest.length === 0)
    return only.verdict.kind === 'give' ? [give(only.verdict.value)] : [...only.verdict.code]
  const middle = Math.ceil(spans.length / 2)
  const low = decide(spans.slice(0, middle))
  const high = decide(spans.slice(middle))
  const from = spans[middle]?.from ?? 0
  // At most 255 instructions can be jumped over; the longer half is reached by an unconditional jump.
  if (low.length <= 255)
    return [{ code: jumpGreaterEqual, jt: low.length, jf: 0, k: from }, ...low, ...high]
  return [
    { code: jumpGreaterEqual, jt: 0, jf: 1, k: from },
    { code: 0x05, jt: 0, jf: 0, k: low.length },
    ...low,
    ...high,
  ]
}

function cloneRule(): Instruction[] {
  return [
    load(firstArgument),
    { code: jumpAnySet, jt: 0, jf: 1, k: namespaceFlags },
    give(refuse),
    give(allow),
  ]
}

function socketRule(): Instruction[] {
  return [
    load(firstArgument),
    { code: jumpEqual, jt: 1, jf: 0, k: addressFamilies.alg },
    { code: jumpEqual, jt: 0, jf: 1, k: addressFamilies.vsock },
    give(refuse),
    give(allow),
  ]
}

function personalityRule(): Instruction[] {
  const tests = personalities.map((k, at) => ({
    code: jumpEqual,
    jt: personalities.length - at,
    jf: 0,
    k,
  }))
  return [load(firstArgument), ...tests, give(refuse), give(allow)]
}

function load(k: number): Instruction {
  return { code: loadWord, jt: 0, jf: 0, k }
}

function give(k: number): Instruction {
  return { code: answer, jt: 0, jf: 0, k }
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(({ code, jt, jf, k }, at) => {
    bytes.writeUInt16LE(code, at * 8)
    bytes.writeUInt8(jt, at * 8 + 2)
    bytes.writeUInt8(jf, at * 8 + 3)
    bytes.writeUInt32LE(k, at * 8 + 4)
  })
  return bytes
}
