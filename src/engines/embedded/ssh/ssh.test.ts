import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unpackedPackage } from '../../../../test/support/unpacked-package.ts'
import { withScope } from '../../../base/index.ts'
import type { SshKeys } from '../../../build/index.ts'
import { serveAgent } from './index.ts'
import { readKey } from './key.ts'

const types = ['ed25519', 'rsa', 'ecdsa'] as const
let dir: string
let tools: string
let key: (name: string) => string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'jettison-ssh-test-'))
  tools = join(unpackedPackage('openssh-client'), 'usr/bin')
  key = (name) => join(dir, name)
  for (const type of types) keygen('-t', type, '-N', '', '-C', `a-${type}`, '-f', key(type))
  keygen('-t', 'rsa', '-m', 'PEM', '-N', '', '-f', key('pem'))
  keygen('-t', 'ed25519', '-N', 'secret', '-f', key('locked'))
})

afterAll(() => rmSync(dir, { recursive: true }))

function keygen(...args: readonly string[]): void {
  execFileSync(join(tools, 'ssh-keygen'), ['-q', ...args], { stdio: 'pipe' })
}

/** Runs a tool of OpenSSH against an agent's socket. */
function ask(socket: string, tool: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    'env',
    [`SSH_AUTH_SOCK=${socket}`, join(tools, tool), ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

/** OpenSSH speaks to a server that runs in this very process: it must not be waited for synchronously. */
async function asked(socket: string, tool: string, ...args: readonly string[]) {
  const child = spawn('env', [`SSH_AUTH_SOCK=${socket}`, join(tools, tool), ...args])
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const status = await new Promise<number | null>((done) => child.once('close', done))
  return { status, stdout }
}

function serve<T>(keys: SshKeys, use: (socket: string) => Promise<T>): Promise<T> {
  return withScope(async (scope) =>
    use(await serveAgent({ keys, mode: 0o640, uid: 33, gid: 7 }, scope)),
  )
}

async function signsAndVerifies(socket: string, name: string): Promise<void> {
  const message = join(dir, `${name}.txt`)
  writeFileSync(message, `signed with ${name}`)
  const sign = ['-Y', 'sign', '-n', 'file', '-f', key(`${name}.pub`), message]
  expect(await asked(socket, 'ssh-keygen', ...sign)).toMatchObject({ status: 0 })
  const check = ['-Y', 'check-novalidate', '-n', 'file', '-s', `${message}.sig`]
  execFileSync(join(tools, 'ssh-keygen'), check, { input: readFileSync(message) })
  rmSync(`${message}.sig`)
}

test('keys of every kind are listed as OpenSSH lists them, and what they sign OpenSSH verifies', async () => {
  const keys = [...types, 'pem'].map((name) => readFileSync(key(name)))
  const socket = await serve({ kind: 'keys', keys }, async (path) => {
    const stat = statSync(path)
    expect([stat.mode & 0o7777, stat.uid, stat.gid]).toEqual([0o640, 33, 7])
    const listed = await asked(path, 'ssh-add', '-L')
    const blobs = listed.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1])
    const own = [...types, 'pem'].map(
      (name) => readFileSync(key(`${name}.pub`), 'utf8').split(' ')[1],
    )
    expect(blobs).toEqual(own)
    for (const name of types) await signsAndVerifies(path, name)
    return path
  })
  expect(existsSync(socket)).toBe(false)
})

test("an agent's keys can be used, and not changed", async () => {
  const agent = await startAgent()
  try {
    expect(ask(agent.socket, 'ssh-add', '-q', key('ed25519'))).toMatchObject({ status: 0 })
    await serve({ kind: 'agent', socket: agent.socket }, async (path) => {
      expect((await asked(path, 'ssh-add', '-L')).stdout).toContain('a-ed25519')
      await signsAndVerifies(path, 'ed25519')
      expect((await asked(path, 'ssh-add', '-D')).status).not.toBe(0)
      expect((await asked(path, 'ssh-add', '-q', key('rsa'))).status).not.toBe(0)
    })
    expect(ask(agent.socket, 'ssh-add', '-L').stdout.trim().split('\n')).toHaveLength(1)
  } finally {
    agent.child.kill()
  }
})

test('a key that nobody can use says why', () => {
  expect(() => readKey(readFileSync(key('locked')), 'my key')).toThrow(/my key .* passphrase/)
  expect(() => readKey(Buffer.from('no key'), 'my key')).toThrow(/no private key/)
})

async function startAgent(): Promise<{ readonly socket: string; readonly child: ChildProcess }> {
  const socket = join(dir, 'agent')
  const child = spawn(join(tools, 'ssh-agent'), ['-D', '-a', socket], { stdio: 'ignore' })
  while (!existsSync(socket) && child.exitCode === null) await wait(10)
  return { socket, child }
}
