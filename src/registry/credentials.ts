import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { CredentialSource, Credentials } from './types.ts'

type Config = {
  readonly auths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly credsStore?: unknown
  readonly credHelpers?: Readonly<Record<string, unknown>>
}

/** Docker Hub's name in Docker's configuration. */
const hub = 'https://index.docker.io/v1/'

/**
 * Docker's own logins: `config.json` in `configDir` (`~/.docker`), with its credential helpers. The file is read at the
 * first question; a missing one means that there are none.
 * @throws Fault CREDENTIALS_INVALID, CREDENTIAL_HELPER_FAILED
 */
export function dockerCredentials(configDir: string): CredentialSource {
  let config: Config | undefined
  return async (host, signal) => {
    config ??= readConfig(join(configDir, 'config.json'))
    const key = host === 'docker.io' ? hub : host
    const helper = config.credHelpers?.[host] ?? config.credHelpers?.[key] ?? config.credsStore
    if (typeof helper === 'string' && helper !== '') {
      const found = await askHelper(helper, key, signal)
      if (found) return found
    }
    return fromAuths(config.auths ?? {}, host)
  }
}

function readConfig(path: string): Config {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (value !== null && typeof value === 'object') return value
    throw new SyntaxError('not an object')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw unreadable(path, error)
  }
}

/** Keys are hosts, with or without scheme and API version. */
function fromAuths(auths: NonNullable<Config['auths']>, host: string): Credentials | undefined {
  const names =
    host === 'docker.io' ? ['docker.io', 'index.docker.io', 'registry-1.docker.io'] : [host]
  const entry = Object.entries(auths).find(([key]) => names.includes(bare(key)))?.[1]
  if (!entry) return undefined
  const { identitytoken, auth, username, password } = entry
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { kind: 'identity-token', token: identitytoken }
  if (typeof auth === 'string' && auth !== '') {
    const pair = Buffer.from(auth, 'base64').toString('utf8')
    const colon = pair.indexOf(':')
    return colon < 0
      ? undefined
      : {
          kind: 'password',
          username: pair.slice(0, colon),
          password: pair.slice(colon + 1).replace(/\0+$/, ''),
        }
  }
  if (typeof username === 'string' && typeof password === 'string')
    return { kind: 'password', username, password }
  return undefined
}

function bare(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

/** The protocol of docker-credential-helpers: the host on standard input, JSON on standard output. */
async function askHelper(
  helper: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Credentials | undefined> {
  // The name becomes part of a program's name: nothing that could be a path.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(helper))
    throw new Fault(
      'CREDENTIALS_INVALID',
      'the credential helper of the Docker configuration has no usable name',
      { kind: 'invalid' },
    )
  const result = await run(`docker-credential-${helper}`, key, signal)
  // Not installed here: many a configuration comes from another machine.
  if (result === null) return undefined
  if (result.code !== 0) {
    if (/credentials not found/i.test(result.output)) return undefined
    throw helperFailed(helper, `it ended with ${result.code ?? 'a signal'}`)
  }
  return readAnswer(helper, result.output)
}

function readAnswer(helper: string, output: string): Credentials | undefined {
  const answer = parseAnswer(output)
  if (!answer) throw helperFailed(helper, 'its answer is not JSON')
  const { Username: username, Secret: secret } = answer
  if (typeof secret !== 'string' || secret === '') return undefined
  if (username === '<token>') return { kind: 'identity-token', token: secret }
  return {
    kind: 'password',
    username: typeof username === 'string' ? username : '',
    password: secret,
  }
}

function parseAnswer(output: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(output) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
}

type Ended = { readonly code: number | null; readonly output: string }

/** @returns null when there is no such program */
async function run(
  program: string,
  input: string,
  signal: AbortSignal | undefined,
): Promise<Ended | null> {
  const limit = AbortSignal.timeout(30_000)
  const child = spawn(program, ['get'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.length > 65_536) child.kill('SIGKILL')
  })
  // A helper that does not read its input is its own affair.
  child.stdin.on('error', () => {}).end(input)
  return await new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(null)
      else
        reject(
          signal?.aborted
            ? (signal.reason as Error)
            : helperFailed(program, limit.aborted ? 'it did not answer in 30 s' : error.message),
        )
    })
    child.once('close', (code) => resolve({ code, output }))
  })
}

function helperFailed(helper: string, why: string): Fault {
  return new Fault('CREDENTIAL_HELPER_FAILED', `the credential helper ${helper} failed: ${why}`, {
    hint: 'log in again, or remove it from the Docker configuration',
  })
}

function unreadable(path: string, cause: unknown): Fault {
  return new Fault('CREDENTIALS_INVALID', `cannot read ${path}`, {
    kind: 'invalid',
    hint: 'it must be JSON',
    cause,
  })
}
