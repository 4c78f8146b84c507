import { resolve } from 'node:path'
import { parseSize, proveNamed, type Replayed, replayProof } from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import { renderProof } from '../../report/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { mutationsFlag, mutationsOf } from '../mutations.ts'
import { conditionFlags, probeFlag, settingsOf } from '../proof-flags.ts'
import { fitWidth } from '../table.ts'
import { painter } from '../terminal.ts'
import { version } from '../version.ts'

type Proof = Awaited<ReturnType<typeof proveNamed>>

export const command: Command = {
  spec: {
    name: 'prove',
    usage: '[OPTIONS] FAT LEAN | --replay FILE',
    summary:
      'Run the proof ladder on two images, or again as a proof file says. Exit 0 EQUIVALENT, 1 DIFFERENT or not lean, 3 UNPROVEN or stale',
    args: { min: 0, max: 2 },
    flags: [
      probeFlag,
      ...conditionFlags,
      { long: 'max-size', kind: 'string', value: 'SIZE', help: 'Budget of rung P10, e.g. 200MB' },
      mutationsFlag,
      {
        long: 'out',
        short: 'o',
        kind: 'string',
        value: 'FILE',
        help: 'Write the proof with all its inputs, for --replay',
      },
      {
        long: 'replay',
        kind: 'string',
        value: 'FILE',
        help: 'Check a proof file: unchanged, not stale, and the same when run again',
      },
      {
        long: 'context',
        kind: 'string',
        value: 'DIR',
        help: 'With --replay: the folder of the project, when it has moved',
      },
    ],
  },
  run: (context) => (context.flags.text('replay') === undefined ? prove(context) : replay(context)),
}

async function prove(context: CommandContext): Promise<number> {
  const { flags, session, cwd } = context
  const [fat, lean, ...more] = flags.positional
  if (fat === undefined || lean === undefined || more.length > 0)
    throw usage('jettison prove takes two images, or --replay FILE')
  if (flags.text('context') !== undefined) throw usage('--context goes with --replay')
  const size = flags.text('max-size')
  const out = flags.text('out')
  const proof = await proveNamed(await session(), {
    ...{ fat, lean, cwd },
    probes: flags.list('probe'),
    ...settingsOf(flags),
    maxSize: size === undefined ? null : parseSize(size, '--max-size', 'the command line'),
    mutations: mutationsOf(flags.text('mutations')),
    out: out === undefined ? undefined : { path: resolve(cwd, out), version: version() },
  })
  show(context, proof, { version: 1, fat, lean, ...proof })
  return exitCodeOf(proof)
}

/** A proof that comes out otherwise than its file says is not the one that was filed. */
async function replay(context: CommandContext): Promise<number> {
  const { flags, session, cwd } = context
  const others = ['probe', 'max-size', 'mutations', 'out'] as const
  const given = others.find((name) => flags.list(name).length > 0)
  if (flags.positional.length > 0 || given !== undefined)
    throw usage(
      '--replay takes everything from the file: no images, and no options but --context and the values of --env and --service',
    )
  const done = await replayProof(await session(), {
    ...{ file: flags.text('replay') ?? '', cwd },
    context: flags.text('context'),
    ...settingsOf(flags),
  })
  const { record, proof, result } = done
  const { fat, lean } = record.inputs
  show(
    context,
    proof,
    { version: 1, fat: fat.name, lean: lean.name, ...proof, replay: result },
    describe(done),
  )
  return result.changes.length > 0 ? 1 : exitCodeOf(proof)
}

function show(context: CommandContext, proof: Proof, document: object, more = ''): void {
  const { out, json, settings } = context
  if (json) {
    out(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  const paint = painter(settings.color ?? process.stdout.isTTY === true)
  out(fitWidth(`${renderProof(proof, paint)}${more}`, process.stdout.columns))
}

function describe({ record, result }: Replayed): string {
  const when = `proved ${record.created} by jettison ${record.tool.version}`
  if (result.changes.length === 0) return `\nreplay   same as the file: ${result.was}, ${when}\n`
  const lines = result.changes.map(
    ({ rung, was, now, summary }) => `  ${rung}  ${was} -> ${now}  ${summary}`,
  )
  return `\nreplay   NOT as the file says: ${result.was} -> ${result.now}, ${when}\n${lines.join('\n')}\n`
}

function exitCodeOf(proof: Proof): number {
  if (proof.verdict === 'DIFFERENT') return 1
  if (proof.verdict === 'UNPROVEN') return 3
  return proof.rungs.some((rung) => rung.status === 'fail') ? 1 : 0
}

function usage(message: string): Fault {
  return new Fault('USAGE', message, {
    kind: 'invalid',
    hint: 'see jettison prove --help',
  })
}
