import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'rename',
    aliases: ['container rename'],
    usage: 'CONTAINER NEW_NAME',
    summary: 'Give a container another name',
    args: { min: 2, max: 2 },
    flags: [],
  },
  async run({ flags, session }) {
    const { containers } = await (await session()).engine()
    const [from = '', to = ''] = flags.positional
    containers.rename(from, to)
    return 0
  },
}
