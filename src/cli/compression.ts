import { Fault } from '../base/index.ts'
import type { FlagSpec, ParsedFlags } from './flags.ts'

/** How layers are to be compressed; null: as they came, else the usual way. */
export type CompressionFlags = {
  readonly algorithm: 'gzip' | 'zstd' | null
  readonly level: number | null
}

export const compressionFlags: readonly FlagSpec[] = [
  {
    long: 'compression',
    kind: 'string',
    value: 'NAME',
    help: 'gzip or zstd (default: as a layer came, else gzip)',
  },
  {
    long: 'compression-level',
    kind: 'string',
    value: 'N',
    help: 'gzip 0 to 9 (6), zstd 1 to 22 (3); compresses anew',
  },
]

/** @throws Fault USAGE */
export function compressionOf(flags: ParsedFlags): CompressionFlags {
  const name = flags.text('compression')
  if (name !== undefined && name !== 'gzip' && name !== 'zstd')
    throw invalid(`--compression ${name} is not known`, 'it is gzip or zstd')
  const text = flags.text('compression-level')
  const [least, most] = name === 'zstd' ? [1, 22] : [0, 9]
  const level = text === undefined ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (level !== null && !(level >= least && level <= most))
    throw invalid(`--compression-level ${text ?? ''} is not possible`, `it is ${least} to ${most}`)
  return { algorithm: name ?? null, level }
}

function invalid(message: string, hint: string): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint })
}
