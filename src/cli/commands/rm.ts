import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'rm',
    aliases: ['container rm'],
    usage: '[OPTIONS] CONTAINER [CONTAINER...]',
    summary: 'Remove containers',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      { long: 'force', short: 'f', kind: 'bool', help: 'Kill a running container first' },
      {
        long: 'volumes',
        short: 'v',
        kind: 'bool',
        help: 'Also remove the volumes that are its own',
      },
    ],
  },
  async run({ flags, session, out, err, signal }) {
    const { containers } = await (await session()).engine()
    return forEachName(flags.positional, err, async (name) => {
      await containers.remove(name, {
        force: flags.bool('force'),
        volumes: flags.bool('volumes'),
        signal,
      })
      out(`${name}\n`)
    })
  },
}
