import { imageBytes, listImages, storedBytes } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { imagesText } from '../images-text.ts'
import { outView } from '../out-view.ts'
import { formatRows, shortId, table } from '../table.ts'
import { ago, zonedTime } from '../times.ts'

export const command: Command = {
  spec: {
    name: 'image ls',
    aliases: ['images', 'image list'],
    usage: '[OPTIONS] [REPOSITORY[:TAG]]',
    summary: 'List images. SIZE is the uncompressed sum of the layers',
    args: { min: 0, max: 1 },
    flags: [
      {
        long: 'all',
        short: 'a',
        kind: 'bool',
        help: 'Show all images (the default: intermediate images do not exist)',
      },
      {
        long: 'filter',
        short: 'f',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Only those with dangling=true|false, label=KEY[=VALUE], reference=PATTERN, before=IMAGE, since=IMAGE, until=TIME',
      },
      { long: 'digests', kind: 'bool', help: 'Show digests' },
      {
        long: 'bytes',
        kind: 'bool',
        help: 'Say what is visible, what a registry would hold, what other images share, and what is ballast',
      },
      { long: 'no-trunc', kind: 'bool', help: "Don't truncate output" },
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Only show image IDs' },
      {
        long: 'format',
        kind: 'string',
        value: 'TEMPLATE',
        help: 'json, or a template such as {{.Repository}}:{{.Tag}}',
      },
    ],
  },
  async run({ flags, session, out, json, settings }) {
    const open = await session()
    const rows = listImages(open, flags.positional[0] || undefined, flags.list('filter'))
    const bytes = flags.bool('bytes') ? await imageBytes(open, rows) : undefined
    const now = Date.now()
    const id = (full: string): string => (flags.bool('no-trunc') ? full : shortId(full))
    const withDigest = flags.bool('digests') || /\.Digest\b/.test(flags.text('format') ?? '')
    const values = rows.map(({ image, repository, tag }) => ({
      // Docker fills these for `system df -v` only.
      Containers: 'N/A',
      CreatedAt: zonedTime(image.created),
      CreatedSince: ago(image.created, now),
      Digest: (withDigest && image.manifest) || '<none>',
      ID: id(image.id),
      Repository: repository,
      SharedSize: 'N/A',
      Size: formatSize(image.size),
      Tag: tag,
      UniqueSize: 'N/A',
      // Docker shows this one with a digit more.
      VirtualSize: formatSize(image.size, 4),
    }))
    const given = flags.text('format')
    const format = given === 'table' ? undefined : given
    if (json)
      out(
        `${JSON.stringify(
          rows.map(({ image, repository, tag }) => ({
            repository,
            tag,
            id: image.id,
            digest: image.manifest,
            created: image.created,
            size: image.size,
            ...bytes?.get(image.id),
          })),
          null,
          2,
        )}\n`,
      )
    else if (flags.bool('quiet')) out(values.map((row) => `${row.ID}\n`).join(''))
    else if (format) out(formatRows(format, values, heads))
    else if (bytes) out(imagesText(rows, bytes, storedBytes(open, rows), outView(settings)))
    else {
      const digest = flags.bool('digests')
      out(
        table(
          ['REPOSITORY', 'TAG', ...(digest ? ['DIGEST'] : []), 'IMAGE ID', 'CREATED', 'SIZE'],
          values.map((row) => [
            row.Repository,
            row.Tag,
            ...(digest ? [row.Digest] : []),
            row.ID,
            row.CreatedSince,
            row.Size,
          ]),
        ),
      )
    }
    return 0
  },
}

/** What stands above a column of `--format 'table …'`, where it is not the name of the field. */
const heads = { ID: 'IMAGE ID', CreatedSince: 'CREATED', VirtualSize: 'SIZE' }
