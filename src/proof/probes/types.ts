/** Where a probe comes from: the user, EXPOSE, HEALTHCHECK, a port seen open in fat, or the image's own command. */
export type ProbeOrigin = 'given' | 'exposed' | 'healthcheck' | 'listening' | 'command'

/** One HTTP request; it counts when fat answers below 400, or as `expect` says. */
export type HttpProbe = {
  readonly kind: 'http'
  readonly method: string
  readonly port: number
  /** Path and query, starting with `/`. */
  readonly path: string
  readonly expect?: {
    readonly status?: number
    /** Equal as JSON when both parse as JSON, else equal as text without surrounding white space. */
    readonly body?: string
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

/** How reports name a probe: `GET :5000/health`, `cmd: python -c …`. */
export function probeName(probe: Probe): string {
  switch (probe.kind) {
    case 'http':
      return `${probe.method} :${probe.port}${probe.path}`
    case 'cmd':
      return `cmd: ${probe.argv.join(' ')}`
    case 'run':
      return "the image's own command"
  }
}

/** Two probes that ask the same thing, whoever proposed them. */
export function sameProbe(a: Probe, b: Probe): boolean {
  return a.kind === b.kind && probeName(a) === probeName(b)
}

/** Requests that may be repeated without changing the app (RFC 9110 §9.2.1). */
export function isSafe(probe: HttpProbe): boolean {
  return probe.method === 'GET' || probe.method === 'HEAD' || probe.method === 'OPTIONS'
}
