import { pruneStore } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'prune',
    usage: '[OPTIONS]',
    summary:
      'Delete what nothing reaches any more: layers without an image or step, drafts of dead processes, the trash',
    args: { min: 0, max: 0 },
    flags: [
      {
        long: 'all',
        short: 'a',
        kind: 'bool',
        help: 'Also the records of cached steps, and so their layers',
      },
      { long: 'force', short: 'f', kind: 'bool', help: 'Do not ask (jettison never asks)' },
    ],
  },
  async run({ flags, session, out, json }) {
    const { bytes } = await pruneStore(await session(), { steps: flags.bool('all') })
    out(json ? `${JSON.stringify({ bytes })}\n` : `Total reclaimed space: ${formatSize(bytes)}\n`)
    return 0
  },
}
