import { removeImage } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'rmi',
    aliases: ['image rm'],
    usage: '[OPTIONS] IMAGE [IMAGE...]',
    summary: 'Remove images',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'force',
        short: 'f',
        kind: 'bool',
        help: 'Remove an image by ID although it has several names',
      },
      {
        long: 'no-prune',
        kind: 'bool',
        help: 'Accepted for Docker: there are no untagged parents',
      },
    ],
  },
  async run({ flags, session, out, err }) {
    const open = await session()
    return forEachName(flags.positional, err, async (name) => {
      const { untagged, deleted } = await removeImage(open, name, { force: flags.bool('force') })
      out(
        [
          ...untagged.map((tag) => `Untagged: ${tag}\n`),
          ...deleted.map((id) => `Deleted: ${id}\n`),
        ].join(''),
      )
    })
  },
}
