import { listContainers } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { ago, formatRows, humanDuration, shortId, table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'ps',
    usage: '[OPTIONS]',
    summary: 'List containers',
    args: { min: 0, max: 0 },
    flags: [
      {
        long: 'all',
        short: 'a',
        kind: 'bool',
        help: 'Show all containers (default: only running ones)',
      },
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Only show container IDs' },
      { long: 'no-trunc', kind: 'bool', help: "Don't truncate output" },
      {
        long: 'format',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.Names}}',
      },
    ],
  },
  async run({ flags, session, out, json }) {
    const containers = await listContainers(await session(), { all: flags.bool('all') })
    const now = Date.now()
    const whole = flags.bool('no-trunc')
    const rows = containers.map((row) => {
      const seconds = row.since === null ? 0 : Math.floor((now - Date.parse(row.since)) / 1000)
      const command =
        row.command.length > 20 && !whole ? `${row.command.slice(0, 19)}…` : row.command
      return {
        ID: whole ? row.id : shortId(row.id),
        Image: row.image,
        Command: `"${command}"`,
        CreatedAt: row.created,
        RunningFor: ago(row.created, now),
        Status: row.running
          ? `Up ${humanDuration(seconds)}${healthOf(row.health)}`
          : row.since === null
            ? row.status
            : `${row.status} ${humanDuration(seconds)} ago`,
        Ports: row.ports.join(', '),
        Names: row.name,
      }
    })
    const format = flags.text('format')
    if (json) out(`${JSON.stringify(containers, null, 2)}\n`)
    else if (flags.bool('quiet')) out(rows.map((row) => `${row.ID}\n`).join(''))
    else if (format) out(formatRows(format, rows))
    else
      out(
        table(
          ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'],
          rows.map((row) => [
            row.ID,
            row.Image,
            row.Command,
            row.RunningFor,
            row.Status,
            row.Ports,
            row.Names,
          ]),
        ),
      )
    return 0
  },
}

/** Docker's words: `(healthy)`, `(health: starting)`. */
function healthOf(health: string | null): string {
  if (health === null) return ''
  return health === 'starting' ? ' (health: starting)' : ` (${health})`
}
