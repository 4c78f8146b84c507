import type { Session } from '../app/index.ts'
import { closest, describeFault, type EventSink, isFault } from '../base/index.ts'
import { readSettings, type Settings } from '../config/index.ts'
import { type Command, type CommandContext, globalFlags } from './command.ts'
import { exitCodeOf, exitOnSignal, type Signals } from './exit.ts'
import { faultForTerminal } from './fault-text.ts'
import { type CommandSpec, helpText, type ParsedFlags, parseFlags } from './flags.ts'
import { leftOutCommand } from './left-out.ts'
import { commands, overview } from './registry.ts'
import { forTerminal, painter, printable } from './terminal.ts'
import { version } from './version.ts'

/** Parses, runs one command, prints its error. @returns the exit code (DESIGN §2) */
export async function main(argv: readonly string[]): Promise<number> {
  const found = findCommand(argv)
  const aborter = new AbortController()
  const signals = exitOnSignal(aborter)
  if (!found) {
    signals.remove()
    return topLevel(argv)
  }
  let close = (): void => {}
  let color: boolean | null = process.env['NO_COLOR'] ? false : null
  try {
    const { command } = await found.load()
    const spec: CommandSpec = { ...command.spec, flags: [...command.spec.flags, ...globalFlags] }
    if (wantsHelp(spec, found.rest)) {
      process.stdout.write(helpText(spec))
      return 0
    }
    const flags = parseFlags(spec, found.rest)
    const settings = readSettings(settingFlags(flags), process.env)
    color = settings.color
    const progress = await openProgress(settings)
    close = progress.close
    const code = await runCommand(command, flags, {
      settings,
      emit: progress.sink,
      signal: aborter.signal,
      redirectSignals: signals.redirect,
      untilKilled: signals.untilKilled,
      // The result begins where progress ends.
      out: (text) => {
        close()
        process.stdout.write(process.stdout.isTTY ? forTerminal(text, settings.ascii) : text)
      },
      err: (text) => {
        close()
        process.stderr.write(printable(text))
      },
    })
    // A signal that came while nobody could hear it has its turn now.
    await new Promise((resolve) => setImmediate(resolve))
    return signals.code() ?? code
  } catch (error) {
    close()
    const stopped = signals.code()
    if (stopped !== undefined) return stopped
    if (signals.readerGone()) return 0
    process.stderr.write(`${errorText(error, color)}\n`)
    return exitCodeOf(error)
  } finally {
    close()
    signals.remove()
  }
}

type Surroundings = Pick<
  CommandContext,
  'settings' | 'emit' | 'signal' | 'redirectSignals' | 'out' | 'err'
> & { readonly untilKilled: Signals['untilKilled'] }

async function runCommand(
  command: Command,
  flags: ParsedFlags,
  surroundings: Surroundings,
): Promise<number> {
  const { settings, emit, signal, untilKilled } = surroundings
  let opened: Session | undefined
  const run = command.run({
    ...surroundings,
    commands,
    flags,
    json: flags.bool('json'),
    cwd: process.cwd(),
    session: async () => {
      const { openSession } = await import('../app/index.ts')
      const self = [process.execPath, ...process.execArgv, process.argv[1] ?? '']
      const monitorCommand = [...self, 'monitor', '--root', settings.root]
      opened ??= openSession({ settings, emit, signal, monitorCommand, untilKilled })
      return opened
    },
  })
  return run.finally(() => tidy(opened))
}

/** What was thrown away on the way is unlinked only now, when nobody waits for it; `prune` does what fails here. */
function tidy(session: Session | undefined): void {
  try {
    session?.store.emptyTrash()
  } catch (error) {
    if (!isFault(error)) throw error
  }
}

function findCommand(
  argv: readonly string[],
): { load: () => Promise<{ readonly command: Command }>; rest: readonly string[] } | undefined {
  const two = commands[`${argv[0]} ${argv[1]}`]
  if (two) return { load: two, rest: argv.slice(2) }
  const one = Object.hasOwn(commands, argv[0] ?? '') ? commands[argv[0] ?? ''] : undefined
  return one && { load: one, rest: argv.slice(1) }
}

function topLevel(argv: readonly string[]): number {
  const [first] = argv
  if (first === '--version' || first === '-v' || first === 'version') {
    process.stdout.write(`jettison version ${version()}\n`)
    return 0
  }
  const help = `Usage:  jettison COMMAND [OPTIONS]\n\nThrow the build tools overboard; keep the app afloat; prove it.\n\nCommands:\n${overview
    .map(([name, text]) => `  ${name.padEnd(11)}  ${text}`)
    .join('\n')}\n\nRun 'jettison COMMAND --help' for more on a command.\n`
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    process.stdout.write(help)
    return 0
  }
  const near = closest(first, Object.keys(commands))
  const said = near ? `did you mean jettison ${near}?` : 'jettison --help lists the commands'
  const hint = leftOutCommand(first) ?? said
  process.stderr.write(
    `error: ${JSON.stringify(first)} is not a jettison command\nhint: ${hint}\ncode: USAGE\n`,
  )
  return 2
}

/** `run IMAGE --help` asks the app, so only flags before the first positional count there. */
function wantsHelp(spec: CommandSpec, rest: readonly string[]): boolean {
  const end = spec.stopAtFirst
    ? rest.findIndex((word) => !word.startsWith('-'))
    : rest.indexOf('--')
  return (end < 0 ? rest : rest.slice(0, end)).some(
    (word) => word === '--help' || (word === '-h' && spec.name !== 'run'),
  )
}

function settingFlags(flags: ParsedFlags): Parameters<typeof readSettings>[0] {
  return {
    root: flags.text('root'),
    ca: flags.text('ca'),
    isolation: flags.text('isolation'),
    bases: flags.text('bases'),
    engine: flags.text('engine'),
    progress: flags.bool('quiet') ? 'quiet' : flags.text('progress'),
    color: flags.text('color'),
  }
}

async function openProgress(settings: Settings): Promise<{ sink: EventSink; close: () => void }> {
  const { progressSink } = await import('./progress/index.ts')
  return progressSink(settings, process.stderr)
}

function errorText(error: unknown, color: boolean | null): string {
  if (!isFault(error)) return printable(internal(error))
  const { stderr } = process
  if (!stderr.isTTY) return printable(describeFault(error))
  return faultForTerminal(error, stderr.columns, painter(color ?? true))
}

function internal(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `internal error: ${text}\nhint: this is a bug in jettison; please report it with the command you ran\ncode: INTERNAL`
}
