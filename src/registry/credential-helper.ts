import { spawn } from 'node:child_process'
import { Fault } from '../base/index.ts'
import type { Credentials } from './types.ts'

/**
 * The protocol of docker-credential-helpers: the host on standard input, JSON on standard output.
 * @returns undefined when the helper knows nothing or is not installed: many a configuration comes from elsewhere
 * @throws Fault CREDENTIALS_INVALID, CREDENTIAL_HELPER_FAILED
 */
export async function askHelper(
  helper: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Credentials | undefined> {
  const result = await run(helper, 'get', key, signal)
  if (result === null) return undefined
  if (result.code !== 0) {
    if (isUnknown(result)) return undefined
    throw failed(helper, `it ended with ${result.code ?? 'a signal'}`)
  }
  return readAnswer(helper, result.output)
}

/** @throws Fault CREDENTIALS_INVALID, CREDENTIAL_HELPER_FAILED, also when there is no such program */
export async function storeWithHelper(
  helper: string,
  key: string,
  credentials: Credentials,
  signal: AbortSignal | undefined,
): Promise<void> {
  const entry =
    credentials.kind === 'password'
      ? { ServerURL: key, Username: credentials.username, Secret: credentials.password }
      : { ServerURL: key, Username: '<token>', Secret: credentials.token }
  const result = await run(helper, 'store', JSON.stringify(entry), signal)
  if (result === null) throw failed(helper, 'there is no such program')
  if (result.code !== 0) throw failed(helper, `it ended with ${result.code ?? 'a signal'}`)
}

/** What it does not know is erased already. @throws Fault CREDENTIALS_INVALID, CREDENTIAL_HELPER_FAILED */
export async function eraseWithHelper(
  helper: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const result = await run(helper, 'erase', key, signal)
  if (result === null || result.code === 0 || isUnknown(result)) return
  throw failed(helper, `it ended with ${result.code ?? 'a signal'}`)
}

type Ended = { readonly code: number | null; readonly output: string }

function isUnknown({ output }: Ended): boolean {
  return /credentials not found/i.test(output)
}

function readAnswer(helper: string, output: string): Credentials | undefined {
  const answer = parseAnswer(output)
  if (!answer) throw failed(helper, 'its answer is not JSON')
  const { Username: username, Secret: secret } = answer
  if (typeof secret !== 'string' || secret === '') return undefined
  if (username === '<token>') return { kind: 'identity-token', token: secret }
  const name = typeof username === 'string' ? username : ''
  return { kind: 'password', username: name, password: secret }
}

function parseAnswer(output: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(output) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
}

/** @returns null when there is no such program */
async function run(
  helper: string,
  action: 'get' | 'store' | 'erase',
  input: string,
  signal: AbortSignal | undefined,
): Promise<Ended | null> {
  // The name becomes part of a program's name: nothing that could be a path.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(helper))
    throw new Fault(
      'CREDENTIALS_INVALID',
      'the credential helper of the Docker configuration has no usable name',
      { kind: 'invalid' },
    )
  const limit = AbortSignal.timeout(30_000)
  const child = spawn(`docker-credential-${helper}`, [action], {
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
      else if (signal?.aborted) reject(signal.reason as Error)
      else reject(failed(helper, limit.aborted ? 'it did not answer in 30 s' : error.message))
    })
    child.once('close', (code) => resolve({ code, output }))
  })
}

function failed(helper: string, why: string): Fault {
  return new Fault('CREDENTIAL_HELPER_FAILED', `the credential helper ${helper} failed: ${why}`, {
    hint: 'log in again, or remove it from the Docker configuration',
  })
}
