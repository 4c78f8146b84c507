import { tagImage } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'tag',
    aliases: ['image tag'],
    usage: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
    summary: 'Give an image another name',
    args: { min: 2, max: 2 },
    flags: [],
  },
  async run({ flags, session }) {
    tagImage(await session(), flags.positional[0] ?? '', flags.positional[1] ?? '')
    return 0
  },
}
