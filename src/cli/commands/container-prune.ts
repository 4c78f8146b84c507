import { pruneContainers } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'container prune',
    usage: '[OPTIONS]',
    summary: 'Remove ended containers',
    args: { min: 0, max: 0 },
    flags: [
      {
        long: 'filter',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Only those with until=TIME (made before then, or 24h ago), label=KEY[=VALUE], label!=KEY[=VALUE]',
      },
      { long: 'force', short: 'f', kind: 'bool', help: 'Do not ask (jettison never asks)' },
    ],
  },
  async run({ flags, session, out }) {
    for (const id of await pruneContainers(await session(), flags.list('filter'))) out(`${id}\n`)
    return 0
  },
}
