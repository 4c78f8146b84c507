import { pruneVolumes } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'volume prune',
    usage: '[OPTIONS]',
    summary: 'Remove volumes that belonged to one container',
    args: { min: 0, max: 0 },
    flags: [
      {
        long: 'all',
        short: 'a',
        kind: 'bool',
        help: 'Also named volumes that no container mounts',
      },
      { long: 'force', short: 'f', kind: 'bool', help: 'Do not ask (jettison never asks)' },
    ],
  },
  async run({ flags, session, out }) {
    for (const name of await pruneVolumes(await session(), { all: flags.bool('all') }))
      out(`${name}\n`)
    return 0
  },
}
