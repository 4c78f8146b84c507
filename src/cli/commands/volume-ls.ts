import type { Command } from '../command.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'volume ls',
    usage: '[OPTIONS]',
    summary: 'List volumes',
    args: { min: 0, max: 0 },
    flags: [{ long: 'quiet', short: 'q', kind: 'bool', help: 'Only show names' }],
  },
  async run({ flags, session, out, json }) {
    const { containers } = await (await session()).engine()
    const volumes = containers.volumes()
    if (json) out(`${JSON.stringify(volumes, null, 2)}\n`)
    else if (flags.bool('quiet')) out(volumes.map(({ name }) => `${name}\n`).join(''))
    else
      out(
        table(
          ['DRIVER', 'VOLUME NAME'],
          volumes.map(({ name }) => ['local', name]),
        ),
      )
    return 0
  },
}
