import { type Linted, lint, lintAndFix, type Session } from '../../app/index.ts'
import { isFault } from '../../base/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { keyValues } from '../key-values.ts'
import { lintDocument, lintExitCode, lintText } from '../lint-output.ts'

export const command: Command = {
  spec: {
    name: 'lint',
    usage: '[OPTIONS] [PATH]',
    summary:
      "Check a Dockerfile: BuildKit's build checks and the smells of fat images. Exit 1 on a warning",
    args: { min: 0, max: 1 },
    flags: [
      {
        long: 'file',
        short: 'f',
        kind: 'string',
        value: 'FILE',
        help: 'Name of the Dockerfile (default: PATH/Dockerfile; PATH may be the file itself)',
      },
      {
        long: 'build-arg',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Set build-time variables (repeatable)',
      },
      {
        long: 'target',
        kind: 'string',
        value: 'STAGE',
        help: 'Look only at what this stage needs (default: at every stage)',
      },
      { long: 'fix', kind: 'bool', help: 'Make the safe edits in the file' },
    ],
  },
  async run(context) {
    const { flags, out, err, json, cwd } = context
    const open = await storeIfAny(context)
    const options = {
      path: flags.positional[0] ?? '.',
      file: flags.text('file'),
      cwd,
      args: keyValues(flags.list('build-arg'), process.env),
      target: flags.text('target'),
    } as const
    let linted: Linted
    if (flags.bool('fix')) {
      const { fixed, left } = lintAndFix(open, options)
      linted = left
      for (const { rule, lines, fix } of fixed)
        err(`fixed ${rule} (line ${lines.start}): ${fix?.title ?? ''}\n`)
    } else linted = lint(open, options)
    out(json ? `${JSON.stringify(lintDocument(linted), null, 2)}\n` : lintText(linted))
    return lintExitCode(linted)
  },
}

/** A store tells what base images set; without one linting goes on. */
async function storeIfAny({ session }: CommandContext): Promise<Session | undefined> {
  try {
    return await session()
  } catch (error) {
    if (isFault(error)) return undefined
    throw error
  }
}
