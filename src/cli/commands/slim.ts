import { basename, resolve } from 'node:path'
import {
  keepReport,
  parseSize,
  reportPage,
  slim,
  slimExitCode,
  subjectOfReport,
  writePage,
} from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import { defaultAssumptions, renderText } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { keyValues } from '../key-values.ts'
import { mutationsFlag, mutationsOf } from '../mutations.ts'
import { conditionFlags, probeFlag, settingsOf } from '../proof-flags.ts'
import { fitWidth } from '../table.ts'
import { painter } from '../terminal.ts'
import { version } from '../version.ts'

export const command: Command = {
  spec: {
    name: 'slim',
    usage: '[OPTIONS] [CONTEXT]',
    summary:
      'Rewrite a fat Dockerfile into a lean multi-stage build, build and run both, and prove that the app still works. Writes nothing unless asked to',
    args: { min: 0, max: 1 },
    flags: [
      {
        long: 'file',
        short: 'f',
        kind: 'string',
        value: 'FILE',
        help: 'Name of the Dockerfile (default: CONTEXT/Dockerfile)',
      },
      {
        long: 'write',
        kind: 'bool',
        help: 'Put Dockerfile and .dockerignore in place, when proved',
      },
      {
        long: 'out',
        kind: 'string',
        value: 'DIR',
        help: 'Put them into another folder, when proved',
      },
      probeFlag,
      ...conditionFlags,
      {
        long: 'max-size',
        kind: 'string',
        value: 'SIZE',
        help: 'Size budget of the lean image, e.g. 200MB',
      },
      {
        long: 'report',
        kind: 'string',
        value: 'FILE.html',
        help: 'Write the report page, one HTML file',
      },
      mutationsFlag,
      {
        long: 'proof',
        kind: 'string',
        value: 'FILE',
        help: 'Write the proof with all its inputs, for jettison prove --replay',
      },
      {
        long: 'build-arg',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Set build-time variables (repeatable)',
      },
      { long: 'tag-fat', kind: 'string', value: 'NAME', help: 'Name for the image before' },
      { long: 'tag', short: 't', kind: 'string', value: 'NAME', help: 'Name for the image after' },
      {
        long: 'bandwidth',
        kind: 'string',
        value: 'MBIT',
        help: 'Mbit/s assumed for the push and pull estimate (default 100)',
      },
      {
        long: 'transfers',
        kind: 'string',
        value: 'N',
        help: 'Times a CI run moves the image (default 2: a push and a pull)',
      },
      {
        long: 'measure',
        kind: 'string',
        value: 'REPOSITORY',
        help: 'Push both images there and pull them again, and say how long that took',
      },
    ],
  },
  async run({ flags, session, out, err, json, cwd, settings }) {
    const size = flags.text('max-size')
    const dir = flags.text('out')
    const proof = flags.text('proof')
    const open = await session()
    const context = flags.positional[0] ?? '.'
    const report = await slim(open, {
      context,
      file: flags.text('file'),
      cwd,
      args: keyValues(flags.list('build-arg'), process.env),
      tagFat: flags.text('tag-fat') ?? null,
      tagLean: flags.text('tag') ?? null,
      probes: flags.list('probe'),
      maxSize: size === undefined ? null : parseSize(size, '--max-size', 'the command line'),
      mutations: mutationsOf(flags.text('mutations')),
      ...settingsOf(flags),
      proofFile: proof === undefined ? undefined : resolve(cwd, proof),
      version: version(),
      write: flags.bool('write')
        ? 'in-place'
        : dir === undefined
          ? null
          : { dir: resolve(cwd, dir) },
      measure: flags.text('measure'),
      assumptions: {
        ...defaultAssumptions,
        megabitsPerSecond: positive(
          'bandwidth',
          flags.text('bandwidth'),
          defaultAssumptions.megabitsPerSecond,
        ),
        transfersPerRun: positive(
          'transfers',
          flags.text('transfers'),
          defaultAssumptions.transfersPerRun,
        ),
      },
    })
    const title = flags.text('tag') ?? basename(resolve(cwd, context))
    keepReport(open, title, report)
    const page = flags.text('report')
    if (page !== undefined)
      err(
        `report page: ${writePage(cwd, page, reportPage(subjectOfReport(open, title, report), version()))}\n`,
      )
    out(
      json
        ? `${JSON.stringify(report, null, 2)}\n`
        : fitWidth(
            renderText(report, painter(settings.color ?? process.stdout.isTTY === true)),
            process.stdout.columns,
          ),
    )
    return slimExitCode(report)
  },
}

function positive(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Fault('USAGE', `--${flag} ${text} is no positive number`, { kind: 'invalid' })
}
