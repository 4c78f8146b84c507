import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'stop',
    aliases: ['container stop'],
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    summary: 'Stop containers: their stop signal, then SIGKILL',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'time',
        short: 't',
        kind: 'string',
        value: 'SECONDS',
        help: 'Seconds to wait before killing (default 10)',
      },
      { long: 'signal', short: 's', kind: 'string', value: 'SIGNAL', help: 'Signal to send' },
    ],
  },
  async run({ flags, session, out, err, signal }) {
    const { containers } = await (await session()).engine()
    const seconds = flags.text('time')
    const stopSignal = flags.text('signal')
    return forEachName(flags.positional, err, async (name) => {
      await containers.stop(name, {
        signal,
        ...(seconds === undefined ? {} : { timeoutS: Number(seconds) }),
        ...(stopSignal === undefined ? {} : { stopSignal }),
      })
      out(`${name}\n`)
    })
  },
}
