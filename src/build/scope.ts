import type { Platform } from '../image/index.ts'

/** Proxy arguments that need no declaration, are not in history and not in a key (Dockerfile reference, ARG). */
export const proxyArgs: readonly string[] = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'FTP_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
].flatMap((name) => [name, name.toLowerCase()])

/**
 * Names that an instruction can expand: declared ARGs under ENV. A value; `with…` returns a new one.
 * An ARG that was declared without a value is known but unset.
 */
export type Scope = {
  /** ENV of the image so far, in order of first setting. */
  readonly env: ReadonlyMap<string, string>
  /** Declared ARGs, in order of declaration; undefined = declared without a value. */
  readonly args: ReadonlyMap<string, string | undefined>
  get(name: string): string | undefined
}

export function makeScope(
  env: ReadonlyMap<string, string>,
  args: ReadonlyMap<string, string | undefined>,
): Scope {
  // ENV beats ARG of the same name, whichever came first.
  return { env, args, get: (name) => env.get(name) ?? args.get(name) }
}

export function withEnv(scope: Scope, name: string, value: string): Scope {
  return makeScope(new Map(scope.env).set(name, value), scope.args)
}

export function withArg(scope: Scope, name: string, value: string | undefined): Scope {
  return makeScope(scope.env, new Map(scope.args).set(name, value))
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
