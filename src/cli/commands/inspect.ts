import { describeImage } from '../../app/index.ts'
import { describeFault, isFault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { formatRow } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'inspect',
    aliases: ['image inspect'],
    usage: '[OPTIONS] IMAGE [IMAGE...]',
    summary: 'Show images as Docker describes them, as JSON',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'format',
        short: 'f',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.Config.User}}',
      },
      { long: 'type', kind: 'string', value: 'TYPE', help: 'image' },
    ],
  },
  async run({ flags, session, out, err }) {
    const open = await session()
    const found: Readonly<Record<string, unknown>>[] = []
    let code = 0
    for (const name of flags.positional) {
      try {
        found.push(describeImage(open, name))
      } catch (error) {
        if (!isFault(error)) throw error
        err(`${describeFault(error)}\n`)
        code = 1
      }
    }
    const format = flags.text('format')
    if (format) out(found.map((row) => `${formatRow(format, row)}\n`).join(''))
    else out(`${JSON.stringify(found, null, 4)}\n`)
    return code
  },
}
