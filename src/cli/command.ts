import type { Session } from '../app/index.ts'
import type { EventSink } from '../base/index.ts'
import type { Settings } from '../config/index.ts'
import type { Signals } from './exit.ts'
import type { CommandSpec, FlagSpec, ParsedFlags } from './flags.ts'

/** What a command is given: its flags, a session that opens the store when first asked, streams and a signal. */
export type CommandContext = {
  readonly flags: ParsedFlags
  readonly json: boolean
  readonly settings: Settings
  readonly session: () => Promise<Session>
  readonly emit: EventSink
  readonly signal: AbortSignal
  /** Sends SIGINT and SIGTERM to the handler instead of stopping the command. */
  readonly redirectSignals: Signals['redirect']
  /** Writes to stdout; resolves when the bytes are handed over. */
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly cwd: string
  /** Every command by name, each loaded when asked for. */
  readonly commands: Commands
}

/** One command: a table row and the function behind it. Returns the exit code. */
export type Command = {
  readonly spec: CommandSpec
  run(context: CommandContext): Promise<number>
}

export type Commands = Readonly<Record<string, () => Promise<{ readonly command: Command }>>>

/** Flags that every command has. */
export const globalFlags: readonly FlagSpec[] = [
  {
    long: 'root',
    kind: 'string',
    value: 'DIR',
    help: 'Where the store is (default: JETTISON_HOME, see README)',
  },
  {
    long: 'progress',
    kind: 'string',
    value: 'MODE',
    help: 'auto, tty, plain, json or quiet (on stderr)',
  },
  {
    long: 'color',
    kind: 'string',
    value: 'WHEN',
    help: 'auto, always or never (default: NO_COLOR, FORCE_COLOR, then whether it is a terminal)',
  },
  { long: 'json', kind: 'bool', help: 'Print the result as one JSON document' },
  {
    long: 'isolation',
    kind: 'string',
    value: 'NAME',
    help: 'auto, or a launcher that jettison doctor lists',
  },
  {
    long: 'ca',
    kind: 'string',
    value: 'FILE',
    help: 'CA bundle shown to RUN only (default: JETTISON_CA, SSL_CERT_FILE or NODE_EXTRA_CA_CERTS)',
  },
  {
    long: 'bases',
    kind: 'string',
    value: 'MODE',
    help: 'auto, registry, stand-in or engine: where base images come from',
  },
  {
    long: 'engine',
    kind: 'string',
    value: 'NAME',
    help: 'embedded (default), docker or buildkit: who builds; whatever builds, jettison proves',
  },
  { long: 'help', short: 'h', kind: 'bool', help: 'Show this help' },
]
