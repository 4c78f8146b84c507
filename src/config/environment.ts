import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Settings = {
  /** Store directory, absolute. */
  readonly root: string
  /** CA bundle file for RUN and for registries, null when none is named. */
  readonly ca: string | null
  readonly isolation: string
  /**
   * `auto` takes what the store has, then a registry; `registry` ignores stand-ins; `stand-in` makes them; `engine` takes
   * what the Docker Engine has, then a registry.
   */
  readonly bases: 'auto' | 'registry' | 'stand-in' | 'engine'
  /** Who builds: this program, the Docker Engine through `docker build`, or a buildkitd through `buildctl`. */
  readonly engine: 'embedded' | 'docker' | 'buildkit'
  readonly progress: 'auto' | 'tty' | 'plain' | 'json' | 'quiet'
  /** Null where it depends on whether somebody sees it. */
  readonly color: boolean | null
  /** The locale that is named has no other characters (`LANG=C`). */
  readonly ascii: boolean
  /** The terminal cannot move its cursor (`TERM=dumb`). */
  readonly dumb: boolean
  readonly proxy: Readonly<Record<string, string>>
  readonly home: string
  readonly dockerConfig: string
  /** DOCKER_HOST, DOCKER_CONTEXT, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, null for what is not set. */
  readonly docker: {
    readonly host: string | null
    readonly context: string | null
    readonly tlsVerify: boolean
    readonly certPath: string | null
  }
  /** `registries.conf` named by CONTAINERS_REGISTRIES_CONF. */
  readonly registriesConf: string | null
  /** PATH. */
  readonly searchPath: string
}

const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY']

/**
 * The only reader of the environment: flags win over variables, variables over defaults. A variable that is set to
 * nothing is not set; a relative store is meant from the current directory.
 * @throws Fault USAGE for a mode that there is not
 */
export function readSettings(
  flags: {
    readonly root?: string | undefined
    readonly ca?: string | undefined
    readonly isolation?: string | undefined
    readonly bases?: string | undefined
    readonly engine?: string | undefined
    readonly progress?: string | undefined
    readonly color?: string | undefined
  },
  env: Environment,
): Settings {
  const home = env['HOME'] || homedir()
  return {
    root: resolve(flags.root || env['JETTISON_HOME'] || defaultRoot(env, home)),
    // The launcher moves NODE_EXTRA_CA_CERTS aside, because Node 20 parses that bundle at every start.
    ca:
      flags.ca ||
      env['JETTISON_CA'] ||
      env['SSL_CERT_FILE'] ||
      env['NODE_EXTRA_CA_CERTS'] ||
      env['JETTISON_EXTRA_CA'] ||
      null,
    isolation: flags.isolation || env['JETTISON_ISOLATION'] || 'auto',
    bases: oneOf(
      'bases',
      ['auto', 'registry', 'stand-in', 'engine'],
      flags.bases || env['JETTISON_BASES'],
    ),
    engine: oneOf(
      'engine',
      ['embedded', 'docker', 'buildkit'],
      flags.engine || env['JETTISON_ENGINE'],
    ),
    progress: oneOf(
      'progress',
      ['auto', 'tty', 'plain', 'json', 'quiet'],
      flags.progress || env['JETTISON_PROGRESS'],
    ),
    color: colorOf(flags.color, env),
    ascii: isAscii(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''),
    dumb: env['TERM'] === 'dumb',
    proxy: Object.fromEntries(
      proxyNames
        .flatMap((name) => [name, name.toLowerCase()])
        .flatMap((name) => {
          const value = env[name]
          return value ? [[name, value]] : []
        }),
    ),
    home,
    searchPath: env['PATH'] ?? '',
    dockerConfig: env['DOCKER_CONFIG'] || join(home, '.docker'),
    docker: {
      host: env['DOCKER_HOST'] || null,
      context: env['DOCKER_CONTEXT'] || null,
      tlsVerify: Boolean(env['DOCKER_TLS_VERIFY']),
      certPath: env['DOCKER_CERT_PATH'] || null,
    },
    registriesConf: env['CONTAINERS_REGISTRIES_CONF'] || null,
  }
}

/** `/var/lib/jettison` for root, `$XDG_DATA_HOME/jettison` or `~/.local/share/jettison` for others. */
function defaultRoot(env: Environment, home: string): string {
  if (process.getuid?.() === 0) return '/var/lib/jettison'
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'jettison')
}

/** The flag, then NO_COLOR (no-color.org), then what forces colours (force-color.org, CLICOLOR_FORCE). */
function colorOf(flag: string | undefined, env: Environment): boolean | null {
  const mode = oneOf('color', ['auto', 'always', 'never'], flag)
  if (mode !== 'auto') return mode === 'always'
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR'] || env['CLICOLOR_FORCE']
  return forced && forced !== '0' ? true : null
}

/** POSIX: a locale names its character set; nothing named says nothing of the terminal. */
function isAscii(locale: string): boolean {
  return locale !== '' && !/utf-?8/i.test(locale)
}

/** The mode that is named, the first when none is. @throws Fault USAGE */
function oneOf<const Mode extends string>(
  flag: string,
  modes: readonly Mode[],
  text: string | undefined,
): Mode {
  const found = text ? modes.find((mode) => mode === text) : modes[0]
  if (found !== undefined) return found
  throw new Fault('USAGE', `--${flag} ${text} is not known`, {
    kind: 'invalid',
    hint: `it is one of ${modes.join(', ')}`,
  })
}
