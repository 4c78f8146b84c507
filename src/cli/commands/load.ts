import { loadImages } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { stdinUntil } from '../stdin.ts'

export const command: Command = {
  spec: {
    name: 'load',
    aliases: ['image load'],
    usage: '[OPTIONS]',
    summary: 'Read images from a tar archive (OCI layout or Docker format, compressed or not)',
    args: { min: 0, max: 0 },
    flags: [
      {
        long: 'input',
        short: 'i',
        kind: 'string',
        value: 'FILE',
        help: 'Read from a file, or from the folder of an OCI layout, instead of stdin',
      },
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Print nothing but errors' },
    ],
  },
  async run({ flags, session, out, signal }) {
    const file = flags.text('input') ?? null
    const loaded = await loadImages(await session(), file, stdinUntil(signal))
    if (!flags.bool('quiet'))
      out(
        loaded
          .map((name) => `Loaded image${name.startsWith('sha256:') ? ' ID' : ''}: ${name}\n`)
          .join(''),
      )
    return 0
  },
}
