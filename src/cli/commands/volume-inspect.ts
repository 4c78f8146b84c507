import { describeVolume } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { inspectAll } from '../inspect-output.ts'

export const command: Command = {
  spec: {
    name: 'volume inspect',
    usage: '[OPTIONS] VOLUME [VOLUME...]',
    summary: 'Show volumes as Docker describes them, as JSON',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [
      {
        long: 'format',
        short: 'f',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.Mountpoint}}',
      },
    ],
  },
  async run({ flags, session, out, err }) {
    const open = await session()
    const describe = (name: string): ReturnType<typeof describeVolume> => describeVolume(open, name)
    return inspectAll(flags.positional, describe, { format: flags.text('format'), out, err })
  },
}
