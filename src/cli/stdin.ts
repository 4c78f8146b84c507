import { addAbortSignal, type Readable } from 'node:stream'

/** Standard input, which ends with the signal's reason: whoever waits for more of it is let go. */
export function stdinUntil(signal: AbortSignal): Readable {
  return addAbortSignal(signal, process.stdin)
}
