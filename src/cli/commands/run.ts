import { constants } from 'node:os'
import { pullPolicy, runOptions } from '../../app/index.ts'
import { describeFault, isFault } from '../../base/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { impatience, type StopSignal } from '../exit.ts'
import { runFlags } from '../run-flags.ts'
import { idFile, refuseRunFlags, runFlagsOf } from '../run-values.ts'
import { terminalInput } from '../terminal-input.ts'

export const command: Command = {
  spec: {
    name: 'run',
    aliases: ['container run'],
    usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
    summary: 'Run a command in a new container, in namespaces of its own',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    stopAtFirst: true,
    flags: runFlags,
  },
  async run(context) {
    try {
      return await run(context)
    } catch (error) {
      // Docker's code for what went wrong before the app: it can be told from the app's own.
      if (!isFault(error) || context.signal.aborted) throw error
      context.err(`${describeFault(error)}\n`)
      return 125
    }
  },
}

async function run(context: CommandContext): Promise<number> {
  const { flags, session, out, redirectSignals, signal, cwd } = context
  const open = await session()
  const [image = ''] = flags.positional
  const detach = flags.bool('detach')
  const input = detach ? 'ignore' : terminalInput(flags)
  refuseRunFlags(flags)
  const writeId = idFile(flags, cwd)
  await pullPolicy(open, image, flags.text('pull') ?? 'missing')
  const options = await runOptions(open, runFlagsOf(flags))
  const { containers } = await open.engine()
  if (detach) {
    const { spec } = await containers.runDetached(options, open.signal)
    writeId(spec.id)
    out(`${spec.id}\n`)
    return 0
  }
  // The app gets the signal and decides; the third one ends it, or a PID 1 that ignores them could not be stopped.
  // On a terminal Ctrl-C is a byte for the app's own terminal and no signal of ours.
  const early: StopSignal[] = []
  let deliver = (name: StopSignal): void => void early.push(name)
  signal.throwIfAborted()
  redirectSignals((name) => deliver(name))
  const container = await containers.run(options, {
    stdin: input,
    output: (stream, bytes) => void process[stream].write(bytes),
  })
  writeId(container.id)
  let asked = 0
  deliver = (name) => {
    asked += 1
    void container.kill(asked < impatience ? constants.signals[name] : constants.signals.SIGKILL)
  }
  for (const name of early) deliver(name)
  // It may run for days: what it uses is that of a container, which nobody prunes.
  open.store.settle()
  const { exitCode } = await container.ended
  return exitCode
}
