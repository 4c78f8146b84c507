import { imageHistory, layerBytes, lookInto } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { historyText } from '../history-text.ts'
import { outView } from '../out-view.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'
import { formatRows, shortId, table } from '../table.ts'
import { ago, secondsTime } from '../times.ts'

export const command: Command = {
  spec: {
    name: 'history',
    aliases: ['image history'],
    usage: '[OPTIONS] IMAGE',
    summary: 'Show the history of an image, newest first',
    args: { min: 1, max: 1 },
    flags: [
      sourceFlag,
      { long: 'no-trunc', kind: 'bool', help: "Don't truncate output" },
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Only show image IDs' },
      {
        long: 'format',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.CreatedBy}}',
      },
      {
        long: 'human',
        short: 'H',
        kind: 'bool',
        help: 'Sizes and dates for people (default true)',
      },
      {
        long: 'bytes',
        kind: 'bool',
        help: 'Say what of each layer is seen, what later layers hide, what most of it is, and which line made it',
      },
    ],
  },
  async run({ flags, session, out, json, cwd, settings }) {
    const open = await session()
    const { entries, bytes } = await lookInto(open, sourcedNames(flags)[0] ?? '', cwd, (image) => ({
      entries: imageHistory(image),
      bytes: flags.bool('bytes') ? layerBytes(open, image) : undefined,
    }))
    const now = Date.now()
    const whole = flags.bool('no-trunc')
    const human = !flags.list('human').includes('false')
    const rows = entries.map((entry) => {
      const by = entry.createdBy.replaceAll('\t', ' ').replaceAll('\n', ' ')
      return {
        Comment: entry.comment,
        CreatedAt: secondsTime(entry.created),
        CreatedBy: whole || by.length <= 45 ? by : `${by.slice(0, 44)}…`,
        CreatedSince: human ? ago(entry.created, now) : secondsTime(entry.created),
        ID: entry.id ? (whole ? entry.id : shortId(entry.id)) : '<missing>',
        Size: human ? formatSize(entry.size) : String(entry.size),
      }
    })
    const given = flags.text('format')
    const format = given === 'table' ? undefined : given
    if (json && bytes)
      out(
        `${JSON.stringify(
          entries.map((entry) => ({
            ...entry,
            bytes: entry.layer === null ? null : (bytes[entry.layer] ?? null),
          })),
          null,
          2,
        )}\n`,
      )
    else if (json) out(`${JSON.stringify(entries, null, 2)}\n`)
    else if (flags.bool('quiet')) out(rows.map((row) => `${row.ID}\n`).join(''))
    else if (format) out(formatRows(format, rows, heads))
    else if (bytes) out(historyText(entries, bytes, outView(settings)))
    else
      out(
        table(
          [...['IMAGE', human ? 'CREATED' : 'CREATED AT', 'CREATED BY', 'SIZE'], 'COMMENT'],
          rows.map((row) => [row.ID, row.CreatedSince, row.CreatedBy, row.Size, row.Comment]),
        ),
      )
    return 0
  },
}

/** What stands above a column of `--format 'table …'`, where it is not the name of the field. */
const heads = { ID: 'IMAGE', CreatedSince: 'CREATED' }
