import { compare } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import { bar, percentChange } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'compare',
    usage: '[OPTIONS] IMAGE|PATH IMAGE|PATH',
    summary:
      'Compare two images side by side: sizes, layers, packages, configuration.\nThe path of a project or of a Dockerfile is built first',
    args: { min: 2, max: 2 },
    flags: [
      sourceFlag,
      { long: 'packages', kind: 'bool', help: 'List every package that one of the two lacks' },
    ],
  },
  async run({ flags, session, out, json, cwd }) {
    const [first = '', second = ''] = sourcedNames(flags)
    const result = await compare(await session(), first, second, cwd)
    if (json) {
      out(`${JSON.stringify(result, null, 2)}\n`)
      return 0
    }
    const { before, after } = result
    const sized = (title: string, x: number, y: number): string[] => [
      title,
      formatSize(x),
      formatSize(y),
      signed(y - x, formatSize),
      percentChange(x, y),
    ]
    const counted = (title: string, x: number, y: number): string[] => [
      title,
      String(x),
      String(y),
      signed(y - x, String),
      percentChange(x, y),
    ]
    out(
      table(
        ['', before.name, after.name, 'CHANGE', ''],
        [
          sized('size (layers)', before.size, after.size),
          counted('layers', before.layers, after.layers),
          counted('packages', before.packages, after.packages),
          sized('ballast', before.ballast, after.ballast),
        ],
      ),
    )
    const widest = Math.max(1, ...result.categories.map((row) => Math.abs(row.after - row.before)))
    out(
      `\n${table(
        ['BY CATEGORY', before.name, after.name, 'CHANGE', ''],
        result.categories
          .filter((row) => row.before + row.after > 0)
          .map((row) => [
            row.title,
            formatSize(row.before),
            formatSize(row.after),
            signed(row.after - row.before, formatSize),
            bar(Math.abs(row.after - row.before), widest, 14),
          ]),
      )}`,
    )
    if (result.config.length > 0)
      out(
        `\n${table(
          ['CONFIGURATION', before.name, after.name],
          result.config.map((row) => [row.field, row.before, row.after]),
        )}`,
      )
    out(
      `\n${result.removed.length} packages less, ${result.added.length} more${flags.bool('packages') ? '' : ' (--packages lists them)'}\n`,
    )
    if (flags.bool('packages'))
      out(
        [
          ...result.removed.map((name) => `- ${name}\n`),
          ...result.added.map((name) => `+ ${name}\n`),
        ].join(''),
      )
    return 0
  },
}

function signed(value: number, format: (value: number) => string): string {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`
}
