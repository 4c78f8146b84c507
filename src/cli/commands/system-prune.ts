import { pruneContainers, pruneImages, pruneStore, pruneVolumes } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'system prune',
    usage: '[OPTIONS]',
    summary:
      'Remove ended containers, images without a name, volumes that belonged to one container, and what nothing reaches',
    args: { min: 0, max: 0 },
    flags: [
      {
        long: 'all',
        short: 'a',
        kind: 'bool',
        help: 'Also named images without a container, and the records of cached steps',
      },
      {
        long: 'filter',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Only those with until=TIME (made before then, or 24h ago), label=KEY[=VALUE], label!=KEY[=VALUE]; volumes and cached steps have neither and stay',
      },
      { long: 'volumes', kind: 'bool', help: 'Also named volumes that no container mounts' },
      { long: 'force', short: 'f', kind: 'bool', help: 'Do not ask (jettison never asks)' },
    ],
  },
  async run({ flags, session, out }) {
    const open = await session()
    const all = flags.bool('all')
    const filters = flags.list('filter')
    const only = filters.length > 0
    for (const id of await pruneContainers(open, filters)) out(`Deleted container: ${id}\n`)
    for (const name of only ? [] : await pruneVolumes(open, { all: flags.bool('volumes') }))
      out(`Deleted volume: ${name}\n`)
    for (const id of await pruneImages(open, { all, filters })) out(`Deleted image: ${id}\n`)
    const { bytes } = await pruneStore(open, { steps: all && !only, keepImages: only })
    out(`Total reclaimed space: ${formatSize(bytes)}\n`)
    return 0
  },
}
