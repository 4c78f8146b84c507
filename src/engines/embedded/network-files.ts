import { readFileSync } from 'node:fs'
import { Fault } from '../../base/index.ts'
import type { SandboxMount } from './sandbox/index.ts'

const loopback = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'ff00::\tip6-mcastprefix',
  'ff02::1\tip6-allnodes',
  'ff02::2\tip6-allrouters',
]

/**
 * /etc/hosts: loopback, the container's own name, and the lines of `--add-host` (`name:address` or `name=address`).
 * @throws Fault ADD_HOST_INVALID
 */
export function hostsFile(
  own: { readonly address: string; readonly hostname: string },
  addHosts: readonly string[],
  readOnly: boolean,
): SandboxMount {
  const extra = addHosts.map((line) => {
    const [, name, address] = /^([^:=\s]+)[:=]\[?([0-9a-fA-F.:]+)\]?$/.exec(line) ?? []
    if (name && address) return `${address}\t${name}`
    throw new Fault('ADD_HOST_INVALID', `bad format for add-host: ${JSON.stringify(line)}`, {
      kind: 'invalid',
      hint: 'write NAME:ADDRESS',
    })
  })
  const lines = [...loopback, `${own.address}\t${own.hostname}`, ...extra]
  return privateFile('/etc/hosts', `${lines.join('\n')}\n`, readOnly)
}

/**
 * The host's resolv.conf, byte for byte: whoever shares the host's network shares its resolvers, also those on
 * loopback. Public resolvers are never invented (the most complained-about line of BuildKit).
 */
export function resolvFile(readOnly: boolean): SandboxMount | null {
  const bytes = hostResolvers()
  return bytes && privateFile('/etc/resolv.conf', bytes, readOnly)
}

/** The host's lines of which others are not given; no name server given means the host's too. */
export function resolvFileOf(
  servers: readonly string[],
  given: { readonly search: readonly string[]; readonly options: readonly string[] } = {
    search: [],
    options: [],
  },
): SandboxMount {
  const kept = (kind: RegExp): readonly string[] =>
    (hostResolvers()?.toString('utf8') ?? '').split('\n').filter((line) => kind.test(line))
  const line = (name: string, words: readonly string[], kind: RegExp): readonly string[] =>
    words.length > 0 ? [`${name} ${words.join(' ')}`] : kept(kind)
  const text = [
    ...line('search', given.search, /^\s*(?:search|domain)\s/),
    ...(servers.length > 0
      ? servers.map((server) => `nameserver ${server}`)
      : kept(/^\s*nameserver\s/)),
    ...line('options', given.options, /^\s*options\s/),
  ].join('\n')
  return privateFile('/etc/resolv.conf', `${text}\n`, false)
}

function hostResolvers(): Buffer | null {
  try {
    return readFileSync('/etc/resolv.conf')
  } catch {
    return null
  }
}

export function privateFile(
  target: string,
  content: string | Uint8Array,
  readOnly: boolean,
): SandboxMount {
  return {
    type: 'file',
    target,
    bytes: Buffer.from(content),
    mode: 0o644,
    uid: 0,
    gid: 0,
    readOnly,
  }
}
