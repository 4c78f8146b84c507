import { listVolumes } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { formatRows, table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'volume ls',
    aliases: ['volume list'],
    usage: '[OPTIONS]',
    summary: 'List volumes',
    args: { min: 0, max: 0 },
    flags: [
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Only show names' },
      {
        long: 'filter',
        short: 'f',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Only those with name=PART, dangling=true|false',
      },
      {
        long: 'format',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.Name}}',
      },
    ],
  },
  async run({ flags, session, out, json }) {
    const volumes = await listVolumes(await session(), flags.list('filter'))
    const rows = volumes.map(({ name, mountpoint }) => ({
      ...{ Driver: 'local', Labels: '', Links: 'N/A', Mountpoint: mountpoint },
      ...{ Name: name, Scope: 'local', Size: 'N/A' },
    }))
    const format = flags.text('format')
    if (json) out(`${JSON.stringify(volumes, null, 2)}\n`)
    else if (flags.bool('quiet')) out(rows.map(({ Name }) => `${Name}\n`).join(''))
    else if (format && format !== 'table') out(formatRows(format, rows, { Name: 'VOLUME NAME' }))
    else
      out(
        table(
          ['DRIVER', 'VOLUME NAME'],
          rows.map((row) => [row.Driver, row.Name]),
        ),
      )
    return 0
  },
}
