import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { readUserFile, type SshKeys, type Ulimit } from '../app/index.ts'
import { Fault } from '../base/index.ts'

const entitlements = ['security.insecure', 'network.host', 'device']

/** `--secret id=ID[,src=FILE|,env=VARIABLE]`. @throws Fault USAGE, SECRET_UNREADABLE */
export function readSecret(text: string): readonly [string, Uint8Array] {
  const options = new Map(
    text
      .split(',')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  const id = options.get('id') ?? ''
  const env = options.get('env')
  const file = options.get('src') ?? options.get('source')
  if (id === '')
    throw new Fault('USAGE', `--secret ${text} has no id`, {
      kind: 'invalid',
      hint: 'write --secret id=mysecret,src=FILE',
    })
  // As buildx: without a source, the variable of that name, else the file.
  const variable = env ?? (file === undefined && process.env[id] !== undefined ? id : undefined)
  if (variable !== undefined) return [id, new TextEncoder().encode(process.env[variable] ?? '')]
  const path = file ?? id
  return [id, readUserFile(path, { code: 'SECRET_UNREADABLE', what: `open ${path}` })]
}

/**
 * `--ssh default`, `--ssh ID=SOCKET`, `--ssh ID=KEY[,KEY]`: a file is a key, a socket an agent.
 * @throws Fault USAGE, SSH_KEY_UNREADABLE
 */
export function readSsh(text: string): readonly [string, SshKeys] {
  const at = text.indexOf('=')
  const id = at < 0 ? text : text.slice(0, at)
  const paths =
    at < 0
      ? []
      : text
          .slice(at + 1)
          .split(',')
          .filter(Boolean)
  if (paths.length === 0) {
    const socket = process.env['SSH_AUTH_SOCK'] ?? ''
    if (socket !== '') return [id, { kind: 'agent', socket }]
    throw new Fault('USAGE', 'invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set', {
      kind: 'invalid',
      hint: `start an agent, or name a key: --ssh ${id}=PATH`,
    })
  }
  const sockets = paths.filter(isSocket)
  const [socket] = sockets
  if (socket !== undefined) {
    if (paths.length === 1) return [id, { kind: 'agent', socket }]
    const message =
      sockets.length > 1 ? 'only single socket allowed' : 'invalid combination of keys and sockets'
    throw new Fault('USAGE', `--ssh ${text}: ${message}`, { kind: 'invalid' })
  }
  const keys = paths.map((path) =>
    readUserFile(path, { code: 'SSH_KEY_UNREADABLE', what: `open ${path}` }),
  )
  return [id, { kind: 'keys', keys }]
}

const limits = [
  ...['cpu', 'fsize', 'data', 'stack', 'core', 'rss', 'nproc', 'nofile', 'memlock', 'as'],
  ...['locks', 'sigpending', 'msgqueue', 'nice', 'rtprio', 'rttime'],
]

/** `--ulimit nofile=1024:2048`; one number is both, -1 is none. @throws Fault USAGE */
export function readUlimit(text: string): Ulimit {
  const [, name = '', first, second = first] = /^([a-z]+)=(-?\d+)(?::(-?\d+))?$/.exec(text) ?? []
  const [soft, hard] = [Number(first), Number(second)]
  const fits = hard === -1 || (soft !== -1 && soft <= hard)
  if (limits.includes(name) && soft >= -1 && hard >= -1 && fits) return { name, soft, hard }
  throw new Fault('USAGE', `invalid ulimit ${text}`, {
    kind: 'invalid',
    hint: `write --ulimit NAME=SOFT[:HARD], soft not above hard; names: ${limits.join(', ')}`,
  })
}

/** `--platform`. @throws Fault PLATFORM_UNSUPPORTED, USAGE */
export function checkPlatform(text: string | undefined): void {
  if (text === undefined) return
  const own =
    process.arch === 'arm64' ? ['arm64', 'aarch64', 'arm64/v8'] : ['amd64', 'x86_64', 'amd64/v1']
  const wanted = text.toLowerCase().replace(/^linux\//, '')
  if (wanted === 'linux' || wanted === 'local' || own.includes(wanted)) return
  throw new Fault(
    'PLATFORM_UNSUPPORTED',
    `cannot build or run for ${text} on linux/${own[0] ?? ''}`,
    {
      kind: 'invalid',
      hint: 'build on a machine of that architecture; RUN is not emulated, and several platforms are not built at once',
    },
  )
}

/**
 * `--add-host NAME:IP`, `NAME=IP`, an IPv6 address also in brackets. `host-gateway` is this machine, which a RUN reaches as
 * its own loopback because it has this machine's network.
 * @throws Fault USAGE
 */
export function readHost(text: string): string {
  const [, name = '', given = ''] = /^([^:=]+)[:=](.+)$/.exec(text) ?? []
  const address = given === 'host-gateway' ? '127.0.0.1' : given.replace(/^\[(.*)\]$/, '$1')
  if (name !== '' && isIP(address) !== 0) return `${name}:${address}`
  throw new Fault('USAGE', `invalid host ${text}: it needs a name and an address`, {
    kind: 'invalid',
    hint: 'write --add-host NAME:IP, or NAME:host-gateway for this machine',
  })
}

/** `--allow NAME[,NAME]`. @throws Fault USAGE for one that does not exist */
export function readEntitlements(texts: readonly string[]): readonly string[] {
  const names = texts.flatMap((text) => (text.startsWith('device=') ? [text] : text.split(',')))
  for (const name of names)
    if (!entitlements.includes(name.split('=', 1)[0] ?? ''))
      throw new Fault('USAGE', `unknown entitlement ${name}`, {
        kind: 'invalid',
        hint: `there are: ${entitlements.join(', ')}`,
      })
  return names
}

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === true
}

/** Bytes of `128m`, `1g`, `64000`. @throws Fault USAGE */
export function readSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?$/i.exec(text) ?? []
  const bytes = Math.trunc(Number(number) * 1024 ** ' kmgt'.indexOf(unit.toLowerCase() || ' '))
  if (bytes > 0) return bytes
  throw new Fault('USAGE', `${text} is no size`, {
    kind: 'invalid',
    hint: 'for example 128m, 1g or a number of bytes',
  })
}
