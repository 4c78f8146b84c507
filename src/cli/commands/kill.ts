import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'kill',
    aliases: ['container kill'],
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    summary: 'Send a signal to containers',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'signal',
        short: 's',
        kind: 'string',
        value: 'SIGNAL',
        help: 'Signal to send (default SIGKILL)',
      },
    ],
  },
  async run({ flags, session, out, err }) {
    const { containers } = await (await session()).engine()
    return forEachName(flags.positional, err, (name) => {
      containers.kill(name, flags.text('signal') ?? 'SIGKILL')
      out(`${name}\n`)
    })
  },
}
