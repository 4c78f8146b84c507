import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'wait',
    aliases: ['container wait'],
    usage: 'CONTAINER [CONTAINER...]',
    summary: 'Wait until containers end and print their exit codes',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [],
  },
  async run({ flags, session, out, err, signal }) {
    const { containers } = await (await session()).engine()
    return forEachName(flags.positional, err, async (name) =>
      out(`${await containers.wait(name, signal)}\n`),
    )
  },
}
