/**
 * The list of operations that the Perl launcher carries out, as bytes. Every value is length-prefixed, so there is
 * nothing to quote. An operation is its name and its arguments; an argument of a system call carries its type in
 * its first byte: `i` integer, `s` string or buffer, `r` a value kept by `let`, `f` a seccomp program.
 */
export type Operation = readonly (string | Uint8Array)[]

export function int(value: number): string {
  return `i${value}`
}

export function text(value: string): string {
  return `s${value}`
}

export function kept(name: string): string {
  return `r${name}`
}

export function buffer(type: 's' | 'f', bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(type), bytes])
}

/** A system call that must succeed; `what` says what it does, for the report. */
export function sys(
  what: string,
  nr: number,
  ...args: readonly (string | Uint8Array)[]
): Operation {
  return ['sys', what, String(nr), ...args]
}

export function encodeProgram(operations: readonly Operation[]): Uint8Array {
  return Buffer.concat(operations.map((operation) => prefixed(pack(operation))))
}

function pack(values: Operation): Uint8Array {
  return Buffer.concat(values.map((value) => prefixed(Buffer.from(value))))
}

function prefixed(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
