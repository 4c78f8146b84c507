import { containerLogs } from '../../app/index.ts'
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
      { long: 'timestamps', short: 't', kind: 'bool', help: 'Show when each line was written' },
      {
        long: 'tail',
        short: 'n',
        kind: 'string',
        value: 'NUMBER',
        help: 'Only so many lines from the end (default all)',
      },
      {
        long: 'since',
        kind: 'string',
        value: 'TIME',
        help: 'Only from then on: a time, or 10m ago',
      },
      { long: 'until', kind: 'string', value: 'TIME', help: 'Only up to then' },
    ],
  },
  async run({ flags, session }) {
    const lines = containerLogs(await session(), flags.positional[0] ?? '', {
      follow: flags.bool('follow'),
      tail: flags.text('tail'),
      since: flags.text('since'),
      until: flags.text('until'),
    })
    for await (const { stream, time, begins, bytes } of lines) {
      if (begins && flags.bool('timestamps')) process[stream].write(`${time} `)
      process[stream].write(bytes)
    }
    return 0
  },
}
