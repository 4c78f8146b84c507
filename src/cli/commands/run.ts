import { constants } from 'node:os'
import { runOptions } from '../../app/index.ts'
import type { Command } from '../command.ts'
import type { StopSignal } from '../exit.ts'
import { terminalInput } from '../terminal-input.ts'

export const command: Command = {
  spec: {
    name: 'run',
    usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
    summary: 'Run a command in a new container, in namespaces of its own',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    stopAtFirst: true,
    flags: [
      {
        long: 'publish',
        short: 'p',
        kind: 'list',
        value: '[IP:]HOST:CONTAINER',
        help: 'Publish a port (127.0.0.1 unless an address is given)',
      },
      {
        long: 'detach',
        short: 'd',
        kind: 'bool',
        help: 'Run in the background and print the container ID',
      },
      { long: 'rm', kind: 'bool', help: 'Remove the container when it ends' },
      { long: 'name', kind: 'string', value: 'NAME', help: 'Name of the container' },
      {
        long: 'env',
        short: 'e',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Set an environment variable',
      },
      {
        long: 'env-file',
        kind: 'list',
        value: 'FILE',
        help: 'Read environment variables from a file',
      },
      { long: 'user', short: 'u', kind: 'string', value: 'NAME|UID[:GID]', help: 'User to run as' },
      { long: 'workdir', short: 'w', kind: 'string', value: 'DIR', help: 'Working directory' },
      {
        long: 'entrypoint',
        kind: 'string',
        value: 'PROGRAM',
        help: "Replace the image's ENTRYPOINT",
      },
      {
        long: 'network',
        kind: 'string',
        value: 'MODE',
        help: 'own (default: reachable through published ports only), host or none',
      },
      { long: 'add-host', kind: 'list', value: 'NAME:IP', help: 'Add a line to /etc/hosts' },
      { long: 'hostname', kind: 'string', value: 'NAME', help: 'Host name of the container' },
      {
        long: 'stop-signal',
        kind: 'string',
        value: 'SIGNAL',
        help: 'Signal that stops the container',
      },
      { long: 'interactive', short: 'i', kind: 'bool', help: 'Keep standard input open' },
      { long: 'tty', short: 't', kind: 'bool', help: 'Give the container this terminal' },
    ],
  },
  async run({ flags, session, out, redirectSignals, signal }) {
    const open = await session()
    const [image = '', ...words] = flags.positional
    const terminal = flags.bool('tty')
    const detach = flags.bool('detach')
    const input = detach ? 'ignore' : terminalInput(flags)
    const options = runOptions(open, {
      image,
      command: words,
      name: flags.text('name'),
      hostname: flags.text('hostname'),
      env: flags.list('env').flatMap(fromShell),
      envFiles: flags.list('env-file'),
      user: flags.text('user'),
      workdir: flags.text('workdir'),
      entrypoint: flags.text('entrypoint'),
      network: flags.text('network'),
      publish: flags.list('publish'),
      addHosts: flags.list('add-host'),
      stopSignal: flags.text('stop-signal'),
      remove: flags.bool('rm'),
      terminal,
    })
    const { containers } = await open.engine()
    if (detach) {
      const { spec } = await containers.runDetached(options, open.signal)
      out(`${spec.id}\n`)
      return 0
    }
    // The app gets the signal and decides; a second one that it ignores is its business too, as with Docker.
    // On a terminal Ctrl-C is a byte for the app's own terminal and no signal of ours.
    const early: StopSignal[] = []
    let deliver = (name: StopSignal): void => void early.push(name)
    signal.throwIfAborted()
    redirectSignals((name) => deliver(name))
    const container = await containers.run(options, {
      stdin: input,
      output: (stream, bytes) => void process[stream].write(bytes),
    })
    deliver = (name) => void container.kill(constants.signals[name])
    for (const name of early) deliver(name)
    const { exitCode } = await container.ended
    return exitCode
  },
}

/** `-e NAME` takes the value from our own environment, as Docker does. */
function fromShell(text: string): string[] {
  if (text.includes('=')) return [text]
  const value = process.env[text]
  return value === undefined ? [] : [`${text}=${value}`]
}
