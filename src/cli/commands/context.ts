import { relative } from 'node:path'
import { describeContext } from '../../app/index.ts'
import { formatSize } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { table } from '../table.ts'
import { printable } from '../terminal.ts'

const shown = 10

export const command: Command = {
  spec: {
    name: 'context',
    usage: '[OPTIONS] [PATH]',
    summary:
      'Show what of a folder is build context, and what each line of .dockerignore keeps out',
    args: { min: 0, max: 1 },
    flags: [
      {
        long: 'file',
        short: 'f',
        kind: 'string',
        value: 'FILE',
        help: 'The Dockerfile, which may have an ignore file of its own',
      },
    ],
  },
  async run({ flags, session, out, json, cwd }) {
    const path = flags.positional[0] ?? '.'
    const account = describeContext(await session(), { path, file: flags.text('file'), cwd })
    if (json) {
      out(`${JSON.stringify(account, null, 2)}\n`)
      return 0
    }
    const { included, largest, ignoreFile, excluded } = account
    const amount = ({ files, bytes }: { files: number; bytes: number }): string[] => [
      String(files),
      formatSize(bytes),
    ]
    const top = largest.slice(0, shown).map((entry) => [...amount(entry), entry.name])
    const lines = excluded.map((entry) => [...amount(entry), String(entry.line), entry.pattern])
    out(
      printable(
        [
          `context: ${included.files} files, ${formatSize(included.bytes)}\n`,
          top.length > 0 ? `\n${table(['FILES', 'SIZE', 'NAME'], top)}` : '',
          largest.length > shown ? `and ${largest.length - shown} smaller ones\n` : '',
          ignoreFile === null
            ? '\nno .dockerignore: nothing is kept out\n'
            : `\nkept out by ${relative(cwd, ignoreFile)}:\n${table(['FILES', 'SIZE', 'LINE', 'PATTERN'], lines)}`,
        ].join(''),
      ),
    )
    return 0
  },
}
