import { Fault } from '../base/index.ts'
import type { Annotations } from '../image/index.ts'
import type { SaveOptions } from '../store/index.ts'

/** Where a build's result goes besides the store. `dest: '-'` is standard output. */
export type Output =
  /** To the Docker Engine. */
  | { readonly type: 'engine' }
  /** To the registries that the names are of. */
  | {
      readonly type: 'registry'
      readonly names: readonly string[]
      readonly annotations?: Annotations | undefined
    }
  /** An archive, or with `folder` its files. */
  | {
      readonly type: 'archive'
      readonly form: 'oci' | 'docker'
      readonly dest: string
      readonly folder: boolean
      readonly names: readonly string[]
      readonly compression: SaveOptions['compression']
      readonly annotations?: Annotations | undefined
    }
  /** The files of the image, as a tar or in a folder. */
  | { readonly type: 'tar' | 'local'; readonly dest: string }
  /** The store, where every result goes. */
  | { readonly type: 'store' }

const attributes = [
  ...['type', 'dest', 'name', 'push', 'tar', 'compression', 'compression-level'],
  // What they ask for is so anyway.
  ...['force-compression', 'oci-mediatypes', 'unpack', 'store'],
]

/**
 * `--output` as buildx writes it: `type=docker|oci|tar|local|image|registry,dest=…`, a folder, or `-`.
 * @throws Fault USAGE
 */
export function parseOutput(text: string, compressionOf: CompressionReader): Output {
  if (!text.includes('='))
    return text === '-' ? { type: 'tar', dest: '-' } : { type: 'local', dest: need(text, text) }
  const fields = new Map<string, string>()
  const annotations: Record<string, string> = {}
  for (const field of text.split(',')) {
    const at = field.indexOf('=')
    const [key, value] =
      at < 0 ? [field.trim(), 'true'] : [field.slice(0, at).trim(), field.slice(at + 1)]
    if (annotationKey.test(key)) annotations[key.replace(annotationKey, '')] = value
    else if (!attributes.includes(key))
      throw usage(`unknown attribute ${key || field} in ${text}`, leftOut[key])
    else fields.set(key, value)
  }
  return withAnnotations(outputOf(fields, text, compressionOf), annotations)
}

const annotationKey = /^annotation(?:-manifest)?\./

const leftOut: Readonly<Record<string, string>> = {
  'rewrite-timestamp':
    'files keep the times that the steps gave them; SOURCE_DATE_EPOCH sets those of the configuration, of the history and of folders that are made on the way',
}

/**
 * Adds annotations to a result that has a manifest; of others they would be lost.
 * @throws Fault USAGE
 */
export function withAnnotations(output: Output, annotations: Annotations): Output {
  if (Object.keys(annotations).length === 0) return output
  const hasManifest =
    output.type === 'registry' || (output.type === 'archive' && output.form === 'oci')
  if (hasManifest) return { ...output, annotations: { ...output.annotations, ...annotations } }
  throw usage(
    `a result of type ${output.type} has no manifest that annotations could be in`,
    'annotations travel with --push, --output type=registry and --output type=oci',
  )
}

/** Reads `compression` and `compression-level`. */
export type CompressionReader = (
  name: string | undefined,
  level: string | undefined,
) => SaveOptions['compression']

function outputOf(
  fields: ReadonlyMap<string, string>,
  text: string,
  compressionOf: CompressionReader,
): Output {
  const type = fields.get('type')
  const dest = fields.get('dest')
  const names = (fields.get('name') ?? '').split(',').filter(Boolean)
  switch (type) {
    case 'local':
    case 'tar':
      return { type, dest: need(dest, text) }
    case 'docker':
    case 'oci': {
      if (type === 'docker' && dest === undefined) return { type: 'engine' }
      const compression = compressionOf(fields.get('compression'), fields.get('compression-level'))
      const folder = fields.get('tar') === 'false'
      return { type: 'archive', form: type, dest: need(dest, text), folder, names, compression }
    }
    case 'registry':
      return { type, names }
    case 'image':
      return fields.get('push') === 'true' ? { type: 'registry', names } : { type: 'store' }
    default:
      throw usage(`unknown output type ${JSON.stringify(type ?? '')} in ${text}`)
  }
}

function need(dest: string | undefined, text: string): string {
  if (dest !== undefined && dest !== '') return dest
  throw usage(`--output ${text} needs a destination`)
}

function usage(message: string, hint?: string): Fault {
  return new Fault('USAGE', message, {
    kind: 'invalid',
    hint:
      hint ??
      'write --output type=docker|oci|tar|local,dest=PATH, type=registry, a folder, or - for a tar on standard output',
  })
}
