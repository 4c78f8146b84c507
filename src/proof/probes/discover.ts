import type { ContainerConfig } from '../../image/index.ts'
import { type HttpProbe, type Probe, type ProbeOrigin, sameProbe } from './types.ts'

/** Paths that web apps answer on; one counts only when fat answers below 400, so a wrong guess costs one request. */
const candidatePaths: readonly string[] = [
  '/',
  '/health',
  '/healthz',
  '/ready',
  '/ping',
  '/api/health',
]

const ownUrl =
  /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(\/[^\s"'`;|&)>\\]*)?/g

/**
 * The probes an image proposes by itself: its exposed TCP ports, its HEALTHCHECK command and the URL inside it. An
 * image that has neither is taken for a job that runs to its end.
 */
export function discoverProbes({ config }: { readonly config: ContainerConfig }): readonly Probe[] {
  const health = healthProbes(config)
  const exposed = exposedPorts(config).flatMap((port) => candidatesFor(port, 'exposed'))
  const all = unique([...health, ...exposed])
  const hasService = all.some((probe) => probe.kind === 'http')
  return hasService ? all : [...all, { kind: 'run', origin: 'command' }]
}

/** Candidate requests for one port. */
export function candidatesFor(port: number, origin: ProbeOrigin): readonly HttpProbe[] {
  return candidatePaths.map((path) => ({ kind: 'http', method: 'GET', port, path, origin }))
}

/** Keeps the first of equal probes: a given one comes before a discovered one. */
export function unique(probes: readonly Probe[]): readonly Probe[] {
  return probes.filter((probe, at) => probes.findIndex((other) => sameProbe(probe, other)) === at)
}

/** Exposed TCP ports, ascending; `5000` means `5000/tcp`. */
export function exposedPorts(config: ContainerConfig): readonly number[] {
  return Object.keys(config.ExposedPorts ?? {})
    .map((key) => /^(\d{1,5})(?:\/tcp)?$/.exec(key)?.[1])
    .filter((port) => port !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

function healthProbes(config: ContainerConfig): readonly Probe[] {
  const argv = healthcheckArgv(config)
  if (!argv) return []
  const urls = [...argv.join(' ').matchAll(ownUrl)]
    .filter((match) => !match[0].startsWith('https'))
    .map(
      (match): HttpProbe => ({
        kind: 'http',
        method: 'GET',
        port: Number(match[1] ?? 80),
        path: match[2] ?? '/',
        origin: 'healthcheck',
      }),
    )
  return [{ kind: 'cmd', argv, origin: 'healthcheck' }, ...urls]
}

/** What Docker runs for the HEALTHCHECK, undefined when there is none. */
export function healthcheckArgv(config: ContainerConfig): readonly string[] | undefined {
  const [form, ...rest] = config.Healthcheck?.Test ?? []
  if (form === 'CMD' && rest.length > 0) return rest
  if (form === 'CMD-SHELL' && rest[0] !== undefined)
    return [...(config.Shell ?? ['/bin/sh', '-c']), rest[0]]
  return undefined
}
