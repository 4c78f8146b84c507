import { execFileSync } from 'node:child_process'
import { Fault } from '../../base/index.ts'

/** A device or FIFO; Node has no mknod(2), and a COPY of one is rare enough to spawn for it. */
export function makeNode(
  path: string,
  kind: 'char' | 'block' | 'fifo',
  device: { readonly major: number; readonly minor: number } | undefined,
): void {
  const letter = { char: 'c', block: 'b', fifo: 'p' }[kind]
  const numbers = kind === 'fifo' || !device ? [] : [String(device.major), String(device.minor)]
  try {
    execFileSync('mknod', ['--', path, letter, ...numbers], { stdio: 'pipe' })
  } catch (error) {
    throw failed(`cannot make the ${kind} ${path}`, error)
  }
}

function failed(message: string, cause: unknown): Fault {
  return new Fault('COPY_NODE_FAILED', message, { cause })
}
