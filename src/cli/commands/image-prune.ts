import { pruneImages, pruneStore } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'image prune',
    usage: '[OPTIONS]',
    summary: 'Remove images without a name, and the layers that nothing else needs',
    args: { min: 0, max: 0 },
    flags: [
      { long: 'all', short: 'a', kind: 'bool', help: 'Also named images without a container' },
      {
        long: 'filter',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Only those with until=TIME (made before then, or 24h ago), label=KEY[=VALUE], label!=KEY[=VALUE], dangling=false',
      },
      { long: 'force', short: 'f', kind: 'bool', help: 'Do not ask (jettison never asks)' },
    ],
  },
  async run({ flags, session, out }) {
    const open = await session()
    for (const id of await pruneImages(open, {
      all: flags.bool('all'),
      filters: flags.list('filter'),
    }))
      out(`Deleted: ${id}\n`)
    const { bytes } = await pruneStore(open, {
      steps: false,
      keepImages: flags.list('filter').length > 0,
    })
    out(`Total reclaimed space: ${formatSize(bytes)}\n`)
    return 0
  },
}
