import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'start',
    aliases: ['container start'],
    usage: 'CONTAINER [CONTAINER...]',
    summary: 'Start containers that have ended, with what they wrote, in the background',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [],
  },
  async run({ flags, session, out, err, signal }) {
    const { containers } = await (await session()).engine()
    return forEachName(flags.positional, err, async (name) => {
      await containers.start(name, signal)
      out(`${name}\n`)
    })
  },
}
