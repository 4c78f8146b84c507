import { constants } from 'node:os'
import { readEnvFile } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { environmentOf } from '../key-values.ts'
import { programFlags } from '../run-flags.ts'
import { terminalInput } from '../terminal-input.ts'

export const command: Command = {
  spec: {
    name: 'exec',
    aliases: ['container exec'],
    usage: '[OPTIONS] CONTAINER COMMAND [ARG...]',
    summary: 'Run a command in a running container',
    args: { min: 2, max: Number.POSITIVE_INFINITY },
    stopAtFirst: true,
    flags: [
      ...programFlags,
      { long: 'interactive', short: 'i', kind: 'bool', help: 'Keep standard input open' },
      { long: 'tty', short: 't', kind: 'bool', help: 'Give the command this terminal' },
    ],
  },
  async run({ flags, session, err, redirectSignals, signal }) {
    const { containers } = await (await session()).engine()
    const [name = '', ...argv] = flags.positional
    const input = terminalInput(flags)
    const [user, workdir] = [flags.text('user'), flags.text('workdir')]
    const result = await containers.exec(
      name,
      {
        argv,
        env: [
          ...flags.list('env-file').flatMap(readEnvFile),
          ...environmentOf(flags.list('env'), process.env),
        ],
        terminal: flags.bool('tty'),
        ...(user === undefined ? {} : { user }),
        ...(workdir === undefined ? {} : { workdir }),
      },
      {
        stdin: input,
        output: (stream, bytes) => void process[stream].write(bytes),
        signal,
      },
      (kill) => redirectSignals((sent) => void kill(constants.signals[sent])),
    )
    if (result.refusal !== null) err(`error: ${result.refusal}\n`)
    return result.exitCode
  },
}
