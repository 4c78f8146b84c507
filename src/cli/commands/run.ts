import { constants } from 'node:os'
import { pullPolicy, type RunFlags, runOptions } from '../../app/index.ts'
import { describeFault, Fault, isFault } from '../../base/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { impatience, type StopSignal } from '../exit.ts'
import type { ParsedFlags } from '../flags.ts'
import { environmentOf } from '../key-values.ts'
import { runFlags } from '../run-flags.ts'
import { terminalInput } from '../terminal-input.ts'

export const command: Command = {
  spec: {
    name: 'run',
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
  const { flags, session, out, redirectSignals, signal } = context
  const open = await session()
  const [image = ''] = flags.positional
  const detach = flags.bool('detach')
  const input = detach ? 'ignore' : terminalInput(flags)
  refuse(flags)
  await pullPolicy(open, image, flags.text('pull') ?? 'missing')
  const options = await runOptions(open, flagsOf(flags))
  const { containers } = await open.engine()
  if (detach) {
    const { spec } = await containers.runDetached(options, open.signal)
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

function flagsOf(flags: ParsedFlags): RunFlags {
  const [image = '', ...words] = flags.positional
  return {
    image,
    command: words,
    name: flags.text('name'),
    hostname: flags.text('hostname'),
    env: environmentOf(flags.list('env'), process.env),
    envFiles: flags.list('env-file'),
    user: flags.text('user'),
    workdir: flags.text('workdir'),
    entrypoint: flags.text('entrypoint'),
    network: flags.text('network'),
    publish: flags.list('publish'),
    addHosts: flags.list('add-host'),
    stopSignal: flags.text('stop-signal'),
    remove: flags.bool('rm'),
    terminal: flags.bool('tty'),
    mounts: {
      volumes: flags.list('volume'),
      mounts: flags.list('mount'),
      tmpfs: flags.list('tmpfs'),
    },
    health: {
      none: flags.bool('no-healthcheck'),
      command: flags.text('health-cmd'),
      interval: flags.text('health-interval'),
      timeout: flags.text('health-timeout'),
      startPeriod: flags.text('health-start-period'),
      startInterval: flags.text('health-start-interval'),
      retries: flags.text('health-retries'),
    },
    limits: { memory: flags.text('memory'), cpus: flags.text('cpus') },
    capAdd: flags.list('cap-add'),
    capDrop: flags.list('cap-drop'),
    init: flags.bool('init'),
    readOnly: flags.bool('read-only'),
  }
}

/** What a program without a daemon cannot or should not do, said instead of left out. */
function refuse(flags: ParsedFlags): void {
  if (flags.bool('privileged'))
    throw new Fault('PRIVILEGED_REFUSED', 'containers are not given all rights over this machine', {
      kind: 'invalid',
      hint: 'add what the app needs with --cap-add, or mount what it needs with -v',
    })
  if ((flags.text('restart') ?? 'no') !== 'no')
    throw new Fault('RESTART_REFUSED', 'there is no daemon that would restart the container', {
      kind: 'invalid',
      hint: 'let a service manager run it (ExecStart=jettison run --rm …, Restart=always)',
    })
}
