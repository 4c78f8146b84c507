import { listStandIns, makeBases } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'bases',
    usage: '[OPTIONS] [REFERENCE...]',
    summary:
      'Make stand-ins for official images from Debian packages, for machines that reach no registry',
    args: { min: 0, max: Number.POSITIVE_INFINITY },
    flags: [
      { long: 'list', short: 'l', kind: 'bool', help: 'List what can be made, make nothing' },
    ],
  },
  async run({ flags, session, out, json }) {
    if (flags.bool('list')) {
      const all = listStandIns()
      out(
        json
          ? `${JSON.stringify(all, null, 2)}\n`
          : table(
              ['REFERENCE', 'BUILT ON', 'NOTES'],
              all.map((row) => [row.reference, row.base ?? '(mmdebstrap)', row.notes]),
            ),
      )
      return 0
    }
    const made = await makeBases(await session(), flags.positional)
    out(
      json
        ? `${JSON.stringify(made, null, 2)}\n`
        : table(
            ['STAND-IN FOR', 'IMAGE ID', 'SIZE'],
            made.map((row) => [row.reference, row.id.slice(7, 19), formatSize(row.size)]),
          ),
    )
    return 0
  },
}
