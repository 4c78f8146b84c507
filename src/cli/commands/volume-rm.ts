import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'volume rm',
    usage: 'VOLUME [VOLUME...]',
    summary: 'Remove volumes that no container mounts',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [],
  },
  async run({ flags, session, out, err }) {
    const { containers } = await (await session()).engine()
    return forEachName(flags.positional, err, (name) => {
      containers.removeVolume(name)
      out(`${name}\n`)
    })
  },
}
