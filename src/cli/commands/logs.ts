import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'logs',
    aliases: ['container logs'],
    usage: '[OPTIONS] CONTAINER',
    summary: 'Show the output of a container',
    args: { min: 1, max: 1 },
    flags: [
      {
        long: 'follow',
        short: 'f',
        kind: 'bool',
        help: 'Follow the output until the container ends',
      },
      { long: 'timestamps', short: 't', kind: 'bool', help: 'Show when each piece was written' },
    ],
  },
  async run({ flags, session, signal }) {
    const { containers } = await (await session()).engine()
    const chunks = containers.logs(flags.positional[0] ?? '', {
      follow: flags.bool('follow'),
      signal,
    })
    for await (const { stream, time, bytes } of chunks) {
      if (flags.bool('timestamps')) process[stream].write(`${time} `)
      process[stream].write(bytes)
    }
    return 0
  },
}
