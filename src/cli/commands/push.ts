import { push } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'push',
    aliases: ['image push'],
    usage: 'NAME[:TAG]',
    summary: 'Push an image to a registry',
    args: { min: 1, max: 1 },
    flags: [{ long: 'quiet', short: 'q', kind: 'bool', help: 'Print the digest only' }],
  },
  async run({ flags, session, out }) {
    const { reference, digest } = await push(await session(), flags.positional[0] ?? '')
    out(flags.bool('quiet') ? `${digest}\n` : `${reference}: digest: ${digest}\n`)
    return 0
  },
}
