import type { Diagnostic } from '../base/index.ts'
import { suggestion } from './suggest.ts'

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const
const sharings = ['shared', 'private', 'locked'] as const

/**
 * The options of one `RUN --mount=…`. Paths and ids are as written: relative targets, defaults of ids and the meaning
 * of `from` belong to the builder.
 */
export type MountFlag = {
  readonly type: (typeof types)[number]
  readonly target: string | null
  readonly source: string | null
  /** Stage, index, image or named context; never expanded (BuildKit refuses a variable here). */
  readonly from: string | null
  readonly id: string | null
  /** As written, or the default of the type: cache and tmpfs are writable, the others are not. */
  readonly readOnly: boolean
  readonly sharing: (typeof sharings)[number] | null
  /** Octal, as a number. */
  readonly mode: number | null
  readonly uid: number | null
  readonly gid: number | null
  readonly required: boolean
  /** `env=NAME` of a secret. */
  readonly env: string | null
  /** Bytes; tmpfs only. */
  readonly size: number | null
}

export type MountParsed = { readonly value: MountFlag; readonly diagnostics: readonly Diagnostic[] }

type Draft = { -readonly [Key in keyof MountFlag]?: MountFlag[Key] }
type Field = {
  readonly key: string
  readonly value: string | null
  readonly text: string
  readonly at: number
}

/**
 * Parses the value of a `--mount` flag. `expand` is applied to every value but that of `from`; without it a value with
 * a `$` in it is left out and not judged. Ranges of the diagnostics are offsets in `value`.
 */
export function parseMountFlag(value: string, expand?: (text: string) => string): MountParsed {
  const draft: Draft = {}
  const diagnostics: Diagnostic[] = []
  let open = false
  for (const field of fieldsOf(value)) {
    if (field.value?.includes('$') === true && expand === undefined && field.key !== 'from') {
      open = true
      continue
    }
    const expanded =
      field.value === null || field.key === 'from' || !expand ? field.value : expand(field.value)
    const message = apply(draft, { ...field, value: expanded })
    if (message !== null) diagnostics.push(badMount(message, field.at, field.text.length))
  }
  if (diagnostics.length === 0 && !open)
    for (const message of contradictions(draft))
      diagnostics.push(badMount(message, 0, value.length))
  return { value: completed(draft), diagnostics }
}

function completed(draft: Draft): MountFlag {
  const type = draft.type ?? 'bind'
  const empty = { target: null, source: null, from: null, id: null, sharing: null, mode: null }
  return {
    ...empty,
    uid: null,
    gid: null,
    env: null,
    size: null,
    required: false,
    ...draft,
    type,
    readOnly: draft.readOnly ?? (type !== 'cache' && type !== 'tmpfs'),
  }
}

/** One record of comma separated values; a field in double quotes may hold commas. */
function fieldsOf(value: string): Field[] {
  const fields: Field[] = []
  for (const match of value.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    const text = match[1]?.replaceAll('""', '"') ?? match[2] ?? ''
    const equals = text.indexOf('=')
    fields.push({
      key: (equals < 0 ? text : text.slice(0, equals)).toLowerCase(),
      value: equals < 0 ? null : text.slice(equals + 1),
      text,
      at: match.index + (match[0].startsWith(',') ? 1 : 0),
    })
  }
  return fields
}

/** Puts a field into the draft; the message when it cannot. */
function apply(draft: Draft, field: Field): string | null {
  const { key, value, text } = field
  if (value === null) return applyBare(draft, key, text)
  switch (key) {
    case 'type': {
      const type = types.find((known) => known === value.toLowerCase())
      if (!type) return `unsupported mount type ${JSON.stringify(value)}${suggestion(value, types)}`
      draft.type = type
      return null
    }
    case 'from':
      draft.from = value
      if (!/\$./.test(value)) return null
      return "'from' doesn't support variable expansion, define alias stage instead"
    case 'source':
    case 'src':
      draft.source = value
      return null
    case 'target':
    case 'dst':
    case 'destination':
      draft.target = value
      return null
    case 'id':
    case 'env':
      draft[key] = value
      return null
    case 'sharing': {
      const sharing = sharings.find((known) => known === value.toLowerCase())
      if (!sharing)
        return `unsupported sharing value ${JSON.stringify(value)}${suggestion(value, sharings)}`
      draft.sharing = sharing
      return null
    }
    default:
      return applyTyped(draft, field, value)
  }
}

function applyBare(draft: Draft, key: string, text: string): string | null {
  if (key === 'readonly' || key === 'ro') draft.readOnly = true
  else if (key === 'readwrite' || key === 'rw') draft.readOnly = false
  else if (key === 'required') draft.required = true
  else return `invalid field '${text}' must be a key=value pair`
  return null
}

const allKeys = [
  ...['type', 'from', 'source', 'src', 'target', 'dst', 'destination', 'readonly', 'ro'],
  ...['readwrite', 'rw', 'id', 'sharing', 'required', 'mode', 'uid', 'gid', 'env', 'size'],
]

/** The options whose value is a boolean or a number. */
function applyTyped(draft: Draft, { key, text }: Field, value: string): string | null {
  if (['readonly', 'ro', 'readwrite', 'rw', 'required'].includes(key)) {
    const flag = parseBool(value)
    if (flag === null) return `invalid value for ${key}: ${value}`
    if (key === 'required') draft.required = flag
    else draft.readOnly = key === 'readonly' || key === 'ro' ? flag : !flag
    return null
  }
  if (key === 'mode' || key === 'uid' || key === 'gid') {
    const radix = key === 'mode' ? 8 : 10
    const valid = (radix === 8 ? /^[0-7]+$/ : /^\d+$/).test(value)
    const number = Number.parseInt(value, radix)
    if (!valid || number > 0xffff_ffff) return `invalid value ${value} for ${key}`
    draft[key] = number
    return null
  }
  if (key === 'size') {
    const size = parseSize(value)
    if (size === null) return `invalid value for size: ${value}`
    draft.size = size
    return null
  }
  return `unexpected key '${key}' in '${text}'${suggestion(key, allKeys)}`
}

function parseBool(value: string): boolean | null {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(value)) return true
  return /^(?:0|f|F|FALSE|false|False)$/.test(value) ? false : null
}

/** Bytes of `64m`, `1.5GiB`, `100`: units are binary, as in Docker's memory flags. */
function parseSize(value: string): number | null {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp])?i?b?$/i.exec(value)
  if (!match) return null
  const power = match[2] === undefined ? 0 : 'kmgtp'.indexOf(match[2].toLowerCase()) + 1
  return Math.trunc(Number(match[1]) * 1024 ** power)
}

/** What the options forbid one another. */
function contradictions(draft: Draft): string[] {
  const type = draft.type ?? 'bind'
  const owned = type === 'secret' || type === 'ssh' || type === 'cache'
  const found: string[] = []
  for (const key of ['mode', 'uid', 'gid'] as const)
    if (!owned && draft[key] !== undefined)
      found.push(`${key} not allowed for "${type}" type mounts`)
  if (draft.required === true && type !== 'secret' && type !== 'ssh')
    found.push(`unexpected key 'required' for mount type '${type}'`)
  if (draft.size !== undefined && type !== 'tmpfs')
    found.push(`unexpected key 'size' for mount type '${type}'`)
  if (draft.sharing !== undefined && type !== 'cache')
    found.push(`invalid cache sharing set for ${type} mount`)
  if (type !== 'secret') return found
  if (draft.from) found.push('secret mount should not have a from')
  if (!draft.source && !draft.target && !draft.id && !draft.env)
    found.push('invalid secret mount. one of source, target required')
  if (draft.source && draft.id) found.push("both source and id can't be set")
  return found
}

function badMount(message: string, at: number, length: number): Diagnostic {
  return {
    code: 'BAD_MOUNT',
    severity: 'error',
    message,
    range: { start: at, end: at + length },
    hint: 'See "RUN --mount" in the Dockerfile reference for the options of each type.',
  }
}
