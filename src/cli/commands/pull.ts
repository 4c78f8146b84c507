import { pull } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'pull',
    aliases: ['image pull'],
    usage: 'NAME[:TAG|@DIGEST]',
    summary: 'Pull an image from a registry, or as docker-daemon:NAME from the Docker Engine',
    args: { min: 1, max: 1 },
    flags: [{ long: 'quiet', short: 'q', kind: 'bool', help: 'Print the reference only' }],
  },
  async run({ flags, session, out }) {
    const { reference, image } = await pull(await session(), flags.positional[0] ?? '')
    if (!flags.bool('quiet') && image.manifest) out(`Digest: ${image.manifest}\n`)
    out(`${reference}\n`)
    return 0
  },
}
