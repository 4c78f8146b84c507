import { parseSize, proveNamed } from '../../app/index.ts'
import { renderProof } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { mutationsFlag, mutationsOf } from '../mutations.ts'
import { fitWidth } from '../table.ts'
import { painter } from '../terminal.ts'

export const command: Command = {
  spec: {
    name: 'prove',
    usage: '[OPTIONS] FAT LEAN',
    summary:
      'Run the proof ladder on two images. Exit 0 EQUIVALENT, 1 DIFFERENT or not lean, 3 UNPROVEN',
    args: { min: 2, max: 2 },
    flags: [
      {
        long: 'probe',
        kind: 'list',
        value: 'PROBE',
        help: 'http://:PORT/PATH, METHOD http://:PORT/PATH => STATUS, or "cmd: COMMAND" (repeatable)',
      },
      { long: 'max-size', kind: 'string', value: 'SIZE', help: 'Budget of rung P10, e.g. 200MB' },
      mutationsFlag,
    ],
  },
  async run({ flags, session, out, json, settings }) {
    const size = flags.text('max-size')
    const proof = await proveNamed(await session(), {
      fat: flags.positional[0] ?? '',
      lean: flags.positional[1] ?? '',
      probes: flags.list('probe'),
      maxSize: size === undefined ? null : parseSize(size, '--max-size', 'the command line'),
      mutations: mutationsOf(flags.text('mutations')),
    })
    if (json)
      out(
        `${JSON.stringify({ version: 1, fat: flags.positional[0], lean: flags.positional[1], ...proof }, null, 2)}\n`,
      )
    else
      out(
        fitWidth(
          renderProof(proof, painter(settings.color ?? process.stdout.isTTY === true)),
          process.stdout.columns,
        ),
      )
    if (proof.verdict === 'DIFFERENT') return 1
    if (proof.verdict === 'UNPROVEN') return 3
    return proof.rungs.some((rung) => rung.status === 'fail') ? 1 : 0
  },
}
