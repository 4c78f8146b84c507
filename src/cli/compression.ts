import { Fault } from '../base/index.ts'
import type { FlagSpec, ParsedFlags } from './flags.ts'

/** How layers are to be compressed; null: as they came, else the usual way. */
export type CompressionFlags = {
  readonly algorithm: 'gzip' | 'zstd' | null
  readonly level: number | null
}

const levelFlag: FlagSpec = {
  long: 'compression-level',
  kind: 'string',
  value: 'N',
  help: 'gzip 0 to 9 (6), zstd 1 to 22 (3); compresses anew',
}

export const compressionFlags: readonly FlagSpec[] = [
  {
    long: 'compression',
    kind: 'string',
    value: 'NAME',
    help: 'gzip or zstd (default: as a layer came, else gzip)',
  },
  levelFlag,
]

export const archiveCompressionFlags: readonly FlagSpec[] = [
  {
    long: 'compression',
    kind: 'string',
    value: 'NAME',
    help: 'gzip, zstd or none (default: gzip where a layer came so, else none)',
  },
  levelFlag,
]

/** @throws Fault USAGE */
export function compressionOf(flags: ParsedFlags): CompressionFlags {
  const name = flags.text('compression')
  if (name !== undefined && name !== 'gzip' && name !== 'zstd')
    throw invalid(`--compression ${name} is not known`, 'it is gzip or zstd')
  return { algorithm: name ?? null, level: levelOf(name, flags.text('compression-level')) }
}

/** Of an archive, where a layer need not be compressed; undefined as it came. @throws Fault USAGE */
export function archiveCompression(
  name: string | undefined,
  level: string | undefined,
): 'none' | CompressionFlags | undefined {
  if (name === undefined && level === undefined) return undefined
  if (name === 'none' || name === 'uncompressed') return 'none'
  if (name !== undefined && name !== 'gzip' && name !== 'zstd')
    throw invalid(`compression ${name} is not known`, 'it is gzip, zstd or none')
  return { algorithm: name ?? 'gzip', level: levelOf(name, level) }
}

function levelOf(name: string | undefined, text: string | undefined): number | null {
  const [least, most] = name === 'zstd' ? [1, 22] : [0, 9]
  const level = text === undefined ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (level !== null && !(level >= least && level <= most))
    throw invalid(`--compression-level ${text ?? ''} is not possible`, `it is ${least} to ${most}`)
  return level
}

function invalid(message: string, hint: string): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint })
}
