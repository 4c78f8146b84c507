import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../base/index.ts'

/** What Docker's own client looks at to find its engine; null for what is not set. */
export type DockerPlaces = {
  /** DOCKER_HOST. */
  readonly host: string | null
  /** DOCKER_CONTEXT. */
  readonly context: string | null
  /** DOCKER_TLS_VERIFY is set. */
  readonly tlsVerify: boolean
  /** DOCKER_CERT_PATH. */
  readonly certPath: string | null
  /** Folder of `config.json`. */
  readonly configDir: string
}

/** Where an engine listens. Certificates and keys are PEM. */
export type DockerEndpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | {
      readonly kind: 'tcp'
      readonly host: string
      readonly port: number
      readonly tls: DockerTls | null
    }

export type DockerTls = {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly verify: boolean
}

const usualSocket = '/var/run/docker.sock'

/**
 * As Docker's client: DOCKER_HOST, else the context that DOCKER_CONTEXT or `config.json` names, else the usual socket.
 * @throws Fault DOCKER_ENDPOINT for an address that we cannot talk to, a context that is not there, unreadable keys
 */
export function findDockerEndpoint(places: DockerPlaces): DockerEndpoint {
  if (places.host !== null) {
    const dir = places.certPath ?? places.configDir
    return parseDockerHost(places.host, places.tlsVerify ? tlsOf(dir, true) : null)
  }
  const name = places.context ?? currentContext(places.configDir)
  if (name === null || name === 'default') return { kind: 'unix', path: usualSocket }
  return contextEndpoint(places.configDir, name)
}

/** `unix:///run/docker.sock`, `tcp://host:2376`, `http://…`, `https://…`. @throws Fault DOCKER_ENDPOINT */
export function parseDockerHost(text: string, tls: DockerTls | null): DockerEndpoint {
  const path = /^unix:\/\/(\/.*)$/.exec(text)?.[1]
  if (path !== undefined) return { kind: 'unix', path }
  const match = /^(tcp|https?):\/\/(\[[0-9a-fA-F:.]+\]|[^:/[\]]+)(?::(\d{1,5}))?\/?$/.exec(text)
  if (!match)
    throw unusable(`cannot talk to the Docker Engine at ${text}`, {
      hint: 'DOCKER_HOST is unix:///PATH or tcp://HOST:PORT; for a host behind SSH forward its socket (ssh -L)',
    })
  const [, scheme, host = '', port] = match
  const secure = tls ?? (scheme === 'https' ? { verify: true } : null)
  return {
    kind: 'tcp',
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (secure ? 2376 : 2375) : Number(port),
    tls: secure,
  }
}

/** How messages name it. */
export function endpointName(endpoint: DockerEndpoint): string {
  if (endpoint.kind === 'unix') return endpoint.path
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  return `${host}:${endpoint.port}`
}

function currentContext(configDir: string): string | null {
  const config = readJson(join(configDir, 'config.json')) as { currentContext?: unknown } | null
  return typeof config?.currentContext === 'string' && config.currentContext !== ''
    ? config.currentContext
    : null
}

/** `contexts/meta/SHA256(NAME)/meta.json`, keys in `contexts/tls/SHA256(NAME)/docker`. */
function contextEndpoint(configDir: string, name: string): DockerEndpoint {
  const id = createHash('sha256').update(name).digest('hex')
  const meta = readJson(join(configDir, 'contexts/meta', id, 'meta.json')) as {
    readonly Endpoints?: {
      readonly docker?: { readonly Host?: unknown; readonly SkipTLSVerify?: unknown }
    }
  } | null
  const endpoint = meta?.Endpoints?.docker
  if (typeof endpoint?.Host !== 'string')
    throw unusable(`Docker's context ${JSON.stringify(name)} is not there or names no engine`, {
      hint: 'docker context ls lists them; DOCKER_CONTEXT=default is the engine of this machine',
    })
  const tls = tlsOf(join(configDir, 'contexts/tls', id, 'docker'), endpoint.SkipTLSVerify !== true)
  return parseDockerHost(endpoint.Host, tls.ca || tls.cert ? tls : null)
}

function tlsOf(dir: string, verify: boolean): DockerTls {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
    readIfThere(join(dir, name)),
  )
  return { verify, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) }
}

function readJson(path: string): unknown {
  const bytes = readIfThere(path)
  if (!bytes) return null
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw unusable(`cannot read ${path}`, { hint: 'it must be JSON', cause })
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw unusable(`cannot read ${path}`, { hint: 'look at its permissions', cause })
  }
}

function unusable(
  message: string,
  options: { readonly hint: string; readonly cause?: unknown },
): Fault {
  return new Fault('DOCKER_ENDPOINT', message, { kind: 'invalid', ...options })
}
