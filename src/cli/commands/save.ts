import { saveImages } from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { archiveCompression, archiveCompressionFlags } from '../compression.ts'

export const command: Command = {
  spec: {
    name: 'save',
    aliases: ['image save'],
    usage: '[OPTIONS] IMAGE [IMAGE...]',
    summary: 'Write images to a tar archive that is an OCI layout and a Docker archive in one',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'output',
        short: 'o',
        kind: 'string',
        value: 'FILE',
        help: 'Write to a file instead of stdout',
      },
      ...archiveCompressionFlags,
    ],
  },
  async run({ flags, session }) {
    const file = flags.text('output')
    if (file === undefined && process.stdout.isTTY)
      throw new Fault('USAGE', 'cowardly refusing to save to a terminal', {
        kind: 'invalid',
        hint: 'use the -o flag or redirect',
      })
    const to = {
      file: file === undefined || file === '-' ? null : file,
      stdout: process.stdout,
    }
    const compression = archiveCompression(
      flags.text('compression'),
      flags.text('compression-level'),
    )
    await saveImages(await session(), flags.positional, to, { compression })
    return 0
  },
}
