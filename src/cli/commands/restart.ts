import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'restart',
    aliases: ['container restart'],
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    summary: 'Stop containers and start them again',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'time',
        short: 't',
        kind: 'string',
        value: 'SECONDS',
        help: 'Seconds to wait before killing (default 10)',
      },
    ],
  },
  async run({ flags, session, out, err, signal }) {
    const { containers } = await (await session()).engine()
    const seconds = flags.text('time')
    return forEachName(flags.positional, err, async (name) => {
      const limit = seconds === undefined ? {} : { timeoutS: Number(seconds) }
      await containers.stop(name, { signal, ...limit })
      await containers.start(name, signal)
      out(`${name}\n`)
    })
  },
}
