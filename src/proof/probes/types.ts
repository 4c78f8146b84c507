/**
 * Where a probe comes from: the user, EXPOSE, HEALTHCHECK, a compose file, a Procfile, a README, an OpenAPI document, a
 * port seen open in fat, or the image's own command. Only a given one must be answered by fat.
 */
export type ProbeOrigin =
  | 'given'
  | 'exposed'
  | 'healthcheck'
  | 'compose'
  | 'procfile'
  | 'readme'
  | 'openapi'
  | 'listening'
  | 'command'

/** One HTTP request; it counts when fat answers below 400, or as `expect` says. */
export type HttpProbe = {
  readonly kind: 'http'
  readonly method: string
  readonly port: number
  /** Path and query, starting with `/`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly expect?: {
    readonly status?: number
    /** Equal as JSON when both parse as JSON, else equal as text without surrounding white space. */
    readonly body?: string
    /** A part of the body, literally. */
    readonly contains?: string
  }
  readonly origin: ProbeOrigin
}

/** A command run beside the app in its container; it counts when fat exits 0. */
export type CommandProbe = {
  readonly kind: 'cmd'
  readonly argv: readonly string[]
  readonly origin: ProbeOrigin
}

/** The image's own command, run to its end (a batch job); it counts when fat exits 0. */
export type RunProbe = { readonly kind: 'run'; readonly origin: ProbeOrigin }

export type Probe = HttpProbe | CommandProbe | RunProbe

/** How reports name a probe: `GET :5000/health`, `POST :5000/items {"name":"a"}`, `cmd: python -c …`. */
export function probeName(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return `${probe.method} :${probe.port}${probe.path}${shortBody(probe.body)}`
    case 'cmd':
      return `cmd: ${probe.argv.join(' ')}`
    case 'run':
      return "the image's own command"
  }
}

function shortBody(body: string | undefined): string {
  if (body === undefined) return ''
  const line = body.replace(/\s+/g, ' ').trim()
  return ` ${line.length > 60 ? `${line.slice(0, 60)}…` : line}`
}

/** Two probes that ask the same thing, whoever proposed them. */
export function sameProbe(a: Probe, b: Probe): boolean {
  return question(a) === question(b)
}

function question(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return JSON.stringify([
        probe.method,
        probe.port,
        probe.path,
        Object.entries(probe.headers ?? {}).sort(),
        probe.body ?? '',
      ])
    case 'cmd':
      return JSON.stringify(probe.argv)
    case 'run':
      return 'run'
  }
}

/** Requests that may be repeated without changing the app (RFC 9110 §9.2.1). */
export function isSafe(probe: HttpProbe): boolean {
  return probe.method === 'GET' || probe.method === 'HEAD' || probe.method === 'OPTIONS'
}
