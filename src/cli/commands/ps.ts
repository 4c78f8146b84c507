import { type ContainerRow, containerBytes, listContainers, type Session } from '../../app/index.ts'
import { Fault, formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { formatRows, shortId, table } from '../table.ts'
import { ago, humanDuration, zonedTime } from '../times.ts'

export const command: Command = {
  spec: {
    name: 'ps',
    aliases: ['container ls', 'container list', 'container ps'],
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
      {
        long: 'filter',
        short: 'f',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Only those with name=, id=, label=, status=, exited=, ancestor=, before=, since=, volume=, network=, publish=, expose=, health=',
      },
      {
        long: 'last',
        short: 'n',
        kind: 'string',
        value: 'NUMBER',
        help: 'The newest, in any state',
      },
      { long: 'latest', short: 'l', kind: 'bool', help: 'The newest one, in any state' },
      { long: 'size', short: 's', kind: 'bool', help: 'Show how much they wrote' },
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
    const open = await session()
    const last = flags.bool('latest') ? 1 : lastOf(flags.text('last'))
    const query = { all: flags.bool('all'), filters: flags.list('filter'), last }
    const containers = await listContainers(open, query)
    const view = { now: Date.now(), whole: flags.bool('no-trunc') }
    const format = flags.text('format')
    const size = flags.bool('size') || /\.Size|json/.test(format ?? '')
    const rows = await Promise.all(
      containers.map(async (row) => ({
        ...shownRow(row, view),
        Size: size ? await shownSize(open, row.id) : '',
      })),
    )
    if (json) out(`${JSON.stringify(containers, null, 2)}\n`)
    else if (flags.bool('quiet')) out(rows.map((row) => `${row.ID}\n`).join(''))
    else if (format && format !== 'table') out(formatRows(format, rows, heads))
    else {
      const titles = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES']
      out(
        table(
          [...titles, ...(size ? ['SIZE'] : [])],
          rows.map((row) => [
            ...[row.ID, row.Image, row.Command, row.RunningFor, row.Status, row.Ports, row.Names],
            ...(size ? [row.Size] : []),
          ]),
        ),
      )
    }
    return 0
  },
}

/** What stands above a column of `--format 'table …'`, where it is not the name of the field. */
const heads = { ID: 'CONTAINER ID', RunningFor: 'CREATED' }

/** Docker's -1 is no limit. */
function lastOf(text: string | undefined): number | undefined {
  if (text === undefined || /^(?:-\d+|0)$/.test(text)) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new Fault('USAGE', `invalid argument ${JSON.stringify(text)} for --last`, {
    kind: 'invalid',
    hint: 'write -n NUMBER',
  })
}

async function shownSize(session: Session, id: string): Promise<string> {
  const { written, image } = await containerBytes(session, id)
  return `${formatSize(written)} (virtual ${formatSize(written + image)})`
}

type View = { readonly now: number; readonly whole: boolean }

/** Docker's placeholders. */
function shownRow(
  row: ContainerRow,
  { now, whole }: View,
): Readonly<Record<string, unknown>> & {
  readonly [name in Placeholder]: string
} {
  const cut = (text: string, size: number): string =>
    text.length > size && !whole ? `${text.slice(0, size - 1)}…` : text
  return {
    Command: `"${cut(row.command, 20)}"`,
    CreatedAt: zonedTime(row.created),
    ID: whole ? row.id : shortId(row.id),
    Image: row.image,
    Labels: Object.entries(row.labels)
      .map((pair) => pair.join('='))
      .join(','),
    LocalVolumes: String(row.localVolumes),
    Mounts: row.mounts.map((name) => cut(name, 15)).join(','),
    Names: row.name,
    Networks: row.network,
    Ports: row.ports.join(', '),
    RunningFor: ago(row.created, now),
    State: row.state,
    Status: statusOf(row, now),
    Label: (name: unknown) => row.labels[String(name)] ?? '',
  }
}

type Placeholder =
  | ('Command' | 'CreatedAt' | 'ID' | 'Image' | 'Labels' | 'LocalVolumes' | 'Mounts')
  | ('Names' | 'Networks' | 'Ports' | 'RunningFor' | 'State' | 'Status')

function statusOf(row: ContainerRow, now: number): string {
  if (row.since === null) return row.status
  const seconds = Math.max(0, Math.floor((now - Date.parse(row.since)) / 1000))
  return row.running
    ? `Up ${humanDuration(seconds)}${healthOf(row.health)}`
    : `${row.status} ${humanDuration(seconds)} ago`
}

/** Docker's words: `(healthy)`, `(health: starting)`. */
function healthOf(health: string | null): string {
  if (health === null) return ''
  return health === 'starting' ? ' (health: starting)' : ` (${health})`
}
