import { execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's `docker-registry` on a loopback port, over an empty folder. */
export type DockerRegistry = {
  /** `127.0.0.1:PORT`. */
  readonly host: string
  close(): Promise<void>
}

const peers = join(homedir(), '.cache/jettison/peers')
const unpacked = join(peers, 'unpacked/docker-registry')

/**
 * The program, taken out of its Debian package and never installed. @returns why there is none, when there is none
 */
export function findDockerRegistry(): { readonly program: string } | { readonly missing: string } {
  const program = join(unpacked, 'usr/bin/docker-registry')
  if (existsSync(program)) return { program }
  try {
    mkdirSync(peers, { recursive: true })
    const find = (): string | undefined =>
      readdirSync(peers).find((name) => /^docker-registry_.*\.deb$/.test(name))
    if (find() === undefined)
      execFileSync('apt-get', ['download', 'docker-registry'], { cwd: peers, stdio: 'ignore' })
    const temporary = mkdtempSync(join(peers, 'unpack-'))
    execFileSync('dpkg-deb', ['-x', join(peers, find() ?? ''), temporary])
    mkdirSync(join(peers, 'unpacked'), { recursive: true })
    if (existsSync(unpacked)) rmSync(temporary, { recursive: true })
    else renameSync(temporary, unpacked)
    return { program }
  } catch (error) {
    return { missing: `Debian's docker-registry cannot be had: ${String(error).split('\n')[0]}` }
  }
}

/** `htpasswd`: a line for Basic authentication, bcrypt. `tls`: files; clients need a certificate by `clients`. */
export async function startDockerRegistry(
  program: string,
  options: {
    readonly htpasswd?: string
    readonly tls?: { readonly cert: string; readonly key: string; readonly clients: string }
  } = {},
): Promise<DockerRegistry> {
  const dir = mkdtempSync(join(tmpdir(), 'jettison-registry-'))
  const port = await freePort()
  const lines = [
    'version: 0.1',
    `storage: {filesystem: {rootdirectory: ${join(dir, 'data')}}}`,
    `http: {addr: '127.0.0.1:${port}'${options.tls ? `, tls: {certificate: ${options.tls.cert}, key: ${options.tls.key}, clientcas: [${options.tls.clients}]}` : ''}}`,
    'log: {level: error}',
  ]
  if (options.htpasswd !== undefined) {
    writeFileSync(join(dir, 'htpasswd'), `${options.htpasswd}\n`)
    lines.push(`auth: {htpasswd: {realm: test, path: ${join(dir, 'htpasswd')}}}`)
  }
  writeFileSync(join(dir, 'config.yml'), `${lines.join('\n')}\n`)
  const child = spawn(program, ['serve', join(dir, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const host = `127.0.0.1:${port}`
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended: ${log}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    host,
    close: async () => {
      child.kill()
      await ended
      rmSync(dir, { recursive: true })
    },
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).then((open) => {
    socket.destroy()
    return open === true
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
