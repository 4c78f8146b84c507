import { statSync } from 'node:fs'
import { readUserFile, type SshKeys } from '../app/index.ts'
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
