import { push } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { compressionFlags, compressionOf } from '../compression.ts'

export const command: Command = {
  spec: {
    name: 'push',
    aliases: ['image push'],
    usage: '[OPTIONS] NAME[:TAG]',
    summary: 'Push an image to a registry',
    args: { min: 1, max: 1 },
    flags: [
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Print the digest only' },
      ...compressionFlags,
    ],
  },
  async run({ flags, session, out, json }) {
    const compression = compressionOf(flags)
    const { reference, digest } = await push(
      await session(),
      flags.positional[0] ?? '',
      compression,
    )
    if (json) out(`${JSON.stringify({ reference, digest })}\n`)
    else out(flags.bool('quiet') ? `${digest}\n` : `${reference}: digest: ${digest}\n`)
    return 0
  },
}
