import type { Platform } from '../image/index.ts'

/** Proxy arguments, in both spellings: they need no declaration and are in no history and no key (reference, ARG). */
export const proxyNames: readonly string[] = [
  'http_proxy',
  'https_proxy',
  'ftp_proxy',
  'no_proxy',
  'all_proxy',
]

/** An ARG of a stage, in order of declaration; `value` is undefined when it has none. */
export type DeclaredArg = { readonly name: string; readonly value: string | undefined }

/**
 * What an instruction can expand and a RUN has in its environment: ENV and ARG in one list, in which the later
 * instruction wins. A value; `with…` returns a new one.
 */
export type Scope = {
  /** In order of first setting. */
  readonly variables: ReadonlyMap<string, string>
  readonly args: readonly DeclaredArg[]
  get(name: string): string | undefined
}

export function makeScope(
  variables: ReadonlyMap<string, string>,
  args: readonly DeclaredArg[],
): Scope {
  return { variables, args, get: (name) => variables.get(name) }
}

export function withEnv(scope: Scope, name: string, value: string): Scope {
  return makeScope(new Map(scope.variables).set(name, value), scope.args)
}

/** An ARG without a value is declared and leaves the variable as it was. */
export function withArg(scope: Scope, name: string, value: string | undefined): Scope {
  const variables =
    value === undefined ? scope.variables : new Map(scope.variables).set(name, value)
  return makeScope(variables, [...scope.args, { name, value }])
}

/** `NAME=value` of every declared ARG as history has it: each name once, with the value that is in force. */
export function argLines(scope: Scope): string[] {
  const last = new Map(scope.args.map(({ name, value }) => [name, value]))
  return [...last].map(([name, value]) => `${name}=${scope.get(name) ?? value ?? ''}`)
}

/** `KEY=value` lines to a map; a line without `=` is a name with an empty value. */
export function envMap(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}

export function envLines(env: ReadonlyMap<string, string>): string[] {
  return [...env].map(([name, value]) => `${name}=${value}`)
}

/** TARGET* and BUILD* arguments (Dockerfile reference, "Automatic platform ARGs in the global scope"). */
export function platformArgs(platform: Platform, target: string): Map<string, string> {
  const text = [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')
  return new Map([
    ['BUILDPLATFORM', text],
    ['BUILDOS', platform.os],
    ['BUILDARCH', platform.architecture],
    ['BUILDVARIANT', platform.variant ?? ''],
    ['TARGETPLATFORM', text],
    ['TARGETOS', platform.os],
    ['TARGETARCH', platform.architecture],
    ['TARGETVARIANT', platform.variant ?? ''],
    ['TARGETSTAGE', target],
  ])
}
