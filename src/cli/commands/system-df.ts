import { diskUse } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'system df',
    usage: '',
    summary: 'Show what images, containers and volumes take',
    args: { min: 0, max: 0 },
    flags: [],
  },
  async run({ session, out, json }) {
    const rows = await diskUse(await session())
    if (json) {
      out(`${JSON.stringify(rows, null, 2)}\n`)
      return 0
    }
    out(
      table(
        ['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'],
        rows.map((row) => [
          row.type,
          String(row.total),
          String(row.active),
          formatSize(row.size),
          formatSize(row.reclaimable),
        ]),
      ),
    )
    return 0
  },
}
