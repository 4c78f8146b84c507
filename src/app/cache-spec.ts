import { Fault } from '../base/index.ts'
import { type Digest, isDigest } from '../image/index.ts'
import type { Compression } from '../registry/index.ts'

/** Where steps of other builds are looked for. */
export type CacheSource =
  | { readonly type: 'registry'; readonly ref: string }
  | {
      readonly type: 'local'
      readonly dir: string
      readonly tag: string
      readonly digest: Digest | null
    }

/** Where the steps of this build are left for others. */
export type CacheTarget = {
  /** `min`: what made the image's own layers; `max`: every stage. */
  readonly mode: 'min' | 'max'
  readonly compression: Compression
  /** `mounts=true`: the files of the build's cache mounts go along. */
  readonly mounts: boolean
  /** A failure is a warning. */
  readonly ignoreError: boolean
  readonly place:
    | { readonly type: 'registry'; readonly ref: string }
    | { readonly type: 'local'; readonly dir: string; readonly tag: string }
    | { readonly type: 'inline' }
}

/** `--cache-from`: `type=registry,ref=…`, `type=local,src=DIR[,tag=…|,digest=…]`, or a reference. @throws Fault USAGE */
export function parseCacheSource(text: string): CacheSource {
  const fields = fieldsOf(text, ['type', 'ref', 'src', 'tag', 'digest'])
  if (fields === null) return { type: 'registry', ref: text }
  const type = fields.get('type')
  if (type === 'registry') return { type, ref: need(fields, 'ref', text) }
  if (type !== 'local') throw unknown(type, text)
  const digest = fields.get('digest')
  if (digest !== undefined && !isDigest(digest)) throw usage(`${digest} is no digest`)
  const tag = fields.get('tag') ?? 'latest'
  return { type, dir: need(fields, 'src', text), tag, digest: digest ?? null }
}

/** `--cache-to`: `type=registry,ref=…`, `type=local,dest=DIR`, `type=inline`, or a reference. @throws Fault USAGE */
export function parseCacheTarget(text: string): CacheTarget {
  const known = [
    'type',
    'ref',
    'dest',
    'tag',
    'mode',
    'compression',
    'compression-level',
    'ignore-error',
    'mounts',
  ]
  // What these ask for is so anyway.
  const fields = fieldsOf(text, [...known, 'image-manifest', 'oci-mediatypes', 'force-compression'])
  const plain = { mode: 'min', compression: asItIs, ignoreError: false, mounts: false } as const
  if (fields === null) return { ...plain, place: { type: 'registry', ref: text } }
  const mode = fields.get('mode') ?? 'min'
  if (mode !== 'min' && mode !== 'max') throw usage(`mode ${mode} is neither min nor max`)
  const ignoreError = fields.get('ignore-error') === 'true'
  const mounts = fields.get('mounts') === 'true'
  return {
    mode,
    ignoreError,
    mounts,
    compression: compressionOf(fields),
    place: placeOf(fields, text),
  }
}

const asItIs: Compression = { algorithm: null, level: null }

function compressionOf(fields: ReadonlyMap<string, string>): Compression {
  const algorithm = fields.get('compression')
  const level = fields.get('compression-level')
  if (algorithm === undefined) return asItIs
  if (algorithm !== 'gzip' && algorithm !== 'zstd')
    throw usage(`compression ${algorithm} is neither gzip nor zstd`)
  return { algorithm, level: level === undefined ? null : Number(level) }
}

function placeOf(fields: ReadonlyMap<string, string>, text: string): CacheTarget['place'] {
  const type = fields.get('type')
  if (type === 'inline') return { type }
  if (type === 'registry') return { type, ref: need(fields, 'ref', text) }
  if (type !== 'local') throw unknown(type, text)
  return { type, dir: need(fields, 'dest', text), tag: fields.get('tag') ?? 'latest' }
}

/** null for text that is no list of fields: a reference. */
function fieldsOf(text: string, known: readonly string[]): ReadonlyMap<string, string> | null {
  if (!text.includes('=')) return null
  const fields = new Map<string, string>()
  for (const field of text.split(',')) {
    const at = field.indexOf('=')
    const key = at < 0 ? field : field.slice(0, at)
    if (!known.includes(key)) throw usage(`unknown attribute ${key} in ${text}`)
    fields.set(key, at < 0 ? 'true' : field.slice(at + 1))
  }
  return fields
}

function need(fields: ReadonlyMap<string, string>, key: string, text: string): string {
  const value = fields.get(key)
  if (value) return value
  throw usage(`${text} needs ${key}=`)
}

function unknown(type: string | undefined, text: string): Fault {
  return usage(`unknown cache type ${JSON.stringify(type ?? '')} in ${text}`)
}

function usage(message: string): Fault {
  return new Fault('USAGE', message, {
    kind: 'invalid',
    hint: 'write type=registry,ref=HOST/NAME:TAG, type=local,dest=DIR (src=DIR to read), or type=inline',
  })
}
