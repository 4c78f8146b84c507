import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../base/index.ts'

/** Docker's `config.json`, as far as it is about logins; whatever else is in it is kept. */
export type DockerConfig = {
  readonly auths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly credsStore?: unknown
  readonly credHelpers?: Readonly<Record<string, unknown>>
}

/** Docker Hub's name in Docker's configuration. */
const hub = 'https://index.docker.io/v1/'

/** A missing file is an empty one. @throws Fault CREDENTIALS_INVALID */
export function readDockerConfig(configDir: string): DockerConfig {
  const path = join(configDir, 'config.json')
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (value !== null && typeof value === 'object') return value
    throw new SyntaxError('not an object')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw unreadable(path, error)
  }
}

/**
 * Replaces the file in one step, for its owner's eyes only; a link is followed to the file that it stands for.
 * @throws Fault CREDENTIALS_UNWRITABLE
 */
export function writeDockerConfig(configDir: string, config: DockerConfig): void {
  const path = join(configDir, 'config.json')
  try {
    mkdirSync(configDir, { recursive: true, mode: 0o700 })
    const target = targetOf(path)
    const partial = join(dirname(target), `.config.json.${process.pid}.partial`)
    try {
      const file = openSync(partial, 'wx', 0o600)
      try {
        writeSync(file, `${JSON.stringify(config, null, '\t')}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(partial, target)
    } finally {
      rmSync(partial, { force: true })
    }
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/** The name of a registry in `config.json` and for credential helpers. */
export function configKey(host: string): string {
  return host === 'docker.io' ? hub : host
}

/** Whether a key of `auths`, with or without scheme and API version, is about the registry. */
export function isKeyOf(key: string, host: string): boolean {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  const names =
    host === 'docker.io' ? ['docker.io', 'index.docker.io', 'registry-1.docker.io'] : [host]
  return names.includes(bare)
}

/** The credential helper that keeps the registry's login, undefined when the file itself does. */
export function helperFor(config: DockerConfig, host: string): string | undefined {
  const { credHelpers, credsStore } = config
  const helper = credHelpers?.[host] ?? credHelpers?.[configKey(host)] ?? credsStore
  return typeof helper === 'string' && helper !== '' ? helper : undefined
}

function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function unreadable(path: string, cause: unknown): Fault {
  return new Fault('CREDENTIALS_INVALID', `cannot read ${path}`, {
    kind: 'invalid',
    hint: 'it must be JSON',
    cause,
  })
}

function unwritable(path: string, cause: unknown): Fault {
  const { code } = cause as NodeJS.ErrnoException
  return new Fault('CREDENTIALS_UNWRITABLE', `cannot write ${path}: ${code ?? String(cause)}`, {
    hint: 'name another folder with DOCKER_CONFIG',
    cause,
  })
}
