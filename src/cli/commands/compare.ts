import { type Comparison, compare, parseLimit, passed } from '../../app/index.ts'
import { columnTable } from '../columns.ts'
import type { Command } from '../command.ts'
import { packageChange, sectionsOf } from '../compare-text.ts'
import { markdownTables } from '../markdown.ts'
import { outView } from '../out-view.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'

export const command: Command = {
  spec: {
    name: 'compare',
    usage: '[OPTIONS] IMAGE|PATH IMAGE|PATH',
    summary:
      'Compare two images side by side: sizes, layers, packages, files, configuration.\nThe path of a project or of a Dockerfile is built first',
    args: { min: 2, max: 2 },
    flags: [
      sourceFlag,
      { long: 'packages', kind: 'bool', help: 'List every package that one of the two lacks' },
      { long: 'md', kind: 'bool', help: 'Markdown, for a comment or a step summary' },
      {
        long: 'fail-if',
        kind: 'list',
        value: 'LIMIT',
        help: "Exit with 1 when it is so: 'delta.size > 5MB', 'delta.size > 3%', 'after.layers > 12' (repeatable)",
      },
    ],
  },
  async run({ flags, session, out, err, json, cwd, settings }) {
    const limits = flags.list('fail-if').map(parseLimit)
    const [first = '', second = ''] = sourcedNames(flags)
    const result = await compare(await session(), first, second, cwd)
    const failed = limits.flatMap((limit) => {
      const found = passed(result, limit)
      return found === undefined ? [] : [{ limit: limit.text, found }]
    })
    if (json) out(`${JSON.stringify({ ...result, failed }, null, 2)}\n`)
    else if (flags.bool('md')) out(markdownTables(sectionsOf(result)))
    else {
      const { width, paint } = outView(settings)
      const tables = sectionsOf(result, paint).map(({ columns, rows }) =>
        columnTable(columns, rows, width),
      )
      out([...tables, packages(result, flags.bool('packages'))].join('\n'))
    }
    if (!json)
      err(failed.map(({ limit, found }) => `failed: ${found} (--fail-if '${limit}')\n`).join(''))
    return failed.length > 0 ? 1 : 0
  },
}

function packages(result: Comparison, all: boolean): string {
  const { removed, added } = result
  const list = [...removed.map((name) => `- ${name}\n`), ...added.map((name) => `+ ${name}\n`)]
  const more = all || list.length === 0 ? '' : ' (--packages lists them)'
  return `${packageChange(result)}${more}\n${all ? list.join('') : ''}`
}
