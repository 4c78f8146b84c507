import type { ContainerConfig, HistoryEntry, ImageConfig } from './config.ts'
import { type Digest, isDigest } from './digest.ts'

type Fields = Readonly<Record<string, unknown>>
/** Tells whether a value has the shape that a field needs. */
type Shape = { readonly name: string; readonly fits: (value: unknown) => boolean }

const text: Shape = { name: 'a string', fits: (value) => typeof value === 'string' }
const count: Shape = { name: 'a number', fits: Number.isFinite }
const flag: Shape = { name: 'true or false', fits: (value) => typeof value === 'boolean' }
const texts: Shape = {
  name: 'a list of strings',
  fits: (value) => Array.isArray(value) && value.every(text.fits),
}
/** Go's `map[string]struct{}`, whose values say nothing. */
const names: Shape = { name: 'an object', fits: isObject }
const labels: Shape = {
  name: 'an object of strings',
  fits: (value) => isObject(value) && Object.values(value).every(text.fits),
}
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i
const date: Shape = {
  name: 'a date',
  fits: (value) => typeof value === 'string' && rfc3339.test(value),
}

type Shapes<T> = { readonly [Name in keyof Required<T>]: Shape }

const healthcheckShapes: Shapes<NonNullable<ContainerConfig['Healthcheck']>> = {
  ...{ Test: texts, Interval: count, Timeout: count },
  ...{ StartPeriod: count, StartInterval: count, Retries: count },
}

const containerShapes: Shapes<ContainerConfig> = {
  ...{ User: text, ExposedPorts: names, Env: texts, Entrypoint: texts, Cmd: texts, Volumes: names },
  ...{ WorkingDir: text, Labels: labels, StopSignal: text, Shell: texts, OnBuild: texts },
  ArgsEscaped: flag,
  Healthcheck: { name: 'an object', fits: isObject },
}

const historyShapes: Shapes<HistoryEntry> = {
  ...{ created: date, created_by: text, author: text, comment: text, empty_layer: flag },
}

const imageShapes: Shapes<Omit<ImageConfig, 'config' | 'rootfs' | 'history'>> = {
  ...{ created: date, author: text, architecture: text, os: text, variant: text },
}

/**
 * An image configuration (OCI image-spec config.md, Docker's extensions) as somebody wrote it. `null` is absent, as
 * Docker's Go writes what is empty; a command may be one string, as its old images have it; fields that are not known
 * stay. Everything else must have the type that the specification gives it.
 * @returns what is wrong with it, when it is none
 */
export function readImageConfig(
  document: unknown,
): { readonly config: ImageConfig } | { readonly problem: string } {
  try {
    return { config: imageConfig(document) }
  } catch (error) {
    if (error instanceof Mismatch) return { problem: error.message }
    throw error
  }
}

/** Found deep inside, said at the door. */
class Mismatch extends Error {}

function imageConfig(document: unknown): ImageConfig {
  const fields = object('it', document)
  const rootfs = object('rootfs', fields['rootfs'])
  const diffIds = rootfs['diff_ids']
  if (!Array.isArray(diffIds) || !diffIds.every((id) => typeof id === 'string' && isDigest(id)))
    throw new Mismatch('rootfs.diff_ids is no list of digests')
  const history = fields['history'] ?? []
  if (!Array.isArray(history)) throw new Mismatch('history is no list')
  return {
    ...{ architecture: 'unknown', os: 'unknown' },
    ...checked('', fields, imageShapes),
    config: containerConfig(object('config', fields['config'] ?? {})),
    rootfs: { type: 'layers', diff_ids: diffIds as readonly Digest[] },
    history: history.map((entry: unknown, index) => {
      const name = `history[${index}]`
      return checked(`${name}.`, object(name, entry), historyShapes) as HistoryEntry
    }),
  }
}

function containerConfig(fields: Fields): ContainerConfig {
  const commands = ['Entrypoint', 'Cmd', 'Shell'].flatMap((name) => {
    const value = fields[name]
    return typeof value === 'string' ? [[name, [value]]] : []
  })
  const config = checked(
    'config.',
    { ...fields, ...Object.fromEntries(commands) },
    containerShapes,
  ) as ContainerConfig
  const { Healthcheck: check } = config
  if (!check) return config
  return { ...config, Healthcheck: checked('config.Healthcheck.', check, healthcheckShapes) }
}

/** Without what is null. @throws Mismatch for a known field of another type */
function checked(path: string, fields: object, shapes: Readonly<Record<string, Shape>>): Fields {
  const set = Object.entries(fields).filter(([, value]) => value !== null)
  for (const [name, value] of set) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
    if (shape && !shape.fits(value)) throw new Mismatch(`${path}${name} is not ${shape.name}`)
  }
  return Object.fromEntries(set)
}

function object(name: string, value: unknown): Fields {
  if (!isObject(value)) throw new Mismatch(`${name} is no object`)
  return value
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
