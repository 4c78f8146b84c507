import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { check, initPolicies, writeFile } from '../../app/index.ts'
import { Fault, formatSize } from '../../base/index.ts'
import { type GateFormat, type GateReport, gateFormats, renderGate } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { outView } from '../out-view.ts'
import { fitWidth } from '../table.ts'
import { painter } from '../terminal.ts'
import { version } from '../version.ts'

export const command: Command = {
  spec: {
    name: 'check',
    usage: '[OPTIONS] [PATH | IMAGE]',
    summary:
      'Gate an image and its Dockerfile with the policies of jettison.yaml. Exit 1 on a finding, 3 when a policy examined nothing',
    args: { min: 0, max: 1 },
    flags: [
      {
        long: 'file',
        short: 'f',
        kind: 'string',
        value: 'FILE',
        help: 'The Dockerfile (default: Dockerfile in PATH)',
      },
      {
        long: 'policy',
        kind: 'string',
        value: 'FILE',
        help: 'The policy file (default: jettison.yaml, searched upward)',
      },
      {
        long: 'image',
        kind: 'string',
        value: 'IMAGE',
        help: 'Judge this image instead of building PATH',
      },
      {
        long: 'format',
        kind: 'list',
        value: 'NAME[=FILE]',
        help: `${gateFormats.join(', ')}; into FILE when one is named (repeatable)`,
      },
      {
        long: 'fail-on',
        kind: 'string',
        value: 'LEVEL',
        help: 'What exits with 1: error (default), warn or never',
      },
      {
        long: 'only',
        kind: 'list',
        value: 'POLICY',
        help: 'Judge this policy of the file alone (repeatable)',
      },
      {
        long: 'no-run',
        kind: 'bool',
        help: 'Start nothing: policies that run the image are left out, and said to be',
      },
      {
        long: 'baseline',
        kind: 'string',
        value: 'FILE|IMAGE',
        help: "Compare with this instead of the policy file's baseline",
      },
      {
        long: 'update-baseline',
        kind: 'bool',
        help: 'Write the sizes of this image as the baseline, when they are not larger',
      },
      { long: 'allow-growth', kind: 'bool', help: 'Let --update-baseline write larger sizes too' },
      {
        long: 'init',
        kind: 'bool',
        help: 'Write a jettison.yaml that this project passes today',
      },
    ],
  },
  async run({ flags, session, out, err, json, cwd, settings }) {
    const target = flags.positional[0] ?? '.'
    const file = flags.text('file')
    const failOn = levelOf(flags.text('fail-on') ?? 'error')
    const wanted = flags.list('format').map(formatOf)
    const open = await session()
    if (flags.bool('init')) {
      out(`${await initPolicies(open, { target, file, cwd })}\n`)
      return 0
    }
    const { report, baseline } = await check(open, {
      ...{ target, file, cwd },
      policy: flags.text('policy'),
      image: flags.text('image'),
      baseline: flags.text('baseline'),
      only: flags.list('only'),
      run: !flags.bool('no-run'),
      updateBaseline: flags.bool('update-baseline')
        ? flags.bool('allow-growth')
          ? 'any'
          : 'down'
        : undefined,
    })
    const formats =
      wanted.length > 0
        ? wanted
        : [{ name: json ? ('json' as const) : ('text' as const), file: null }]
    const colour = settings.color ?? process.stdout.isTTY === true
    for (const { name, file: path } of formats) {
      const paint = painter(path === null && colour)
      const text = renderGate(name, report, { paint, version: version() })
      if (path === null) out(name === 'text' ? fitWidth(text, outView(settings).width) : text)
      else writeFile(resolve(cwd, path), text)
      if (name === 'github') summarize(report)
    }
    if (baseline) err(`baseline: ${baseline.reference} ${formatSize(baseline.size)}\n`)
    return exitCode(report, failOn)
  },
}

type FailOn = 'error' | 'warn' | 'never'

function levelOf(text: string): FailOn {
  if (text === 'error' || text === 'warn' || text === 'never') return text
  throw new Fault('USAGE', `--fail-on ${text}: it is error, warn or never`, { kind: 'invalid' })
}

function formatOf(text: string): { readonly name: GateFormat; readonly file: string | null } {
  const [given = '', ...rest] = text.split('=')
  const name = gateFormats.find((format) => format === given)
  if (!name)
    throw new Fault('USAGE', `--format ${given} is not known`, {
      kind: 'invalid',
      hint: `formats are ${gateFormats.join(', ')}`,
    })
  return { name, file: rest.length === 0 ? null : rest.join('=') }
}

/** Undecided stays 3 whatever is asked for: a gate that did not look never passes. */
function exitCode(report: GateReport, failOn: FailOn): number {
  const failed = (level: string): boolean =>
    report.results.some((result) => result.status === 'fail' && result.level === level)
  if (failOn !== 'never' && failed('error')) return 1
  if (failOn === 'warn' && failed('warn')) return 1
  return report.undecided ? 3 : 0
}

/** What a GitHub step shows on its page and hands to the next: only where the format was asked for. */
function summarize(report: GateReport): void {
  const summary = process.env['GITHUB_STEP_SUMMARY']
  if (summary) {
    const text = renderGate('markdown', report, { paint: (_, part) => part, version: version() })
    append(summary, withinLimit(text))
  }
  const output = process.env['GITHUB_OUTPUT']
  const delta = report.baseline ? `delta=${report.image.size - report.baseline.size}\n` : ''
  if (output) append(output, `passed=${report.pass}\nsize=${report.image.size}\n${delta}`)
}

/** A step may write a mebibyte; what is more is dropped whole. */
function withinLimit(text: string): string {
  const most = 900_000
  if (Buffer.byteLength(text) <= most) return text
  const cut = Buffer.from(text).subarray(0, most).toString('utf8')
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n\n</details>\n\nThe rest is too long for a summary.\n`
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text)
  } catch (error) {
    throw unwritable(path, error)
  }
}

function unwritable(path: string, cause: unknown): Fault {
  const { code } = cause as NodeJS.ErrnoException
  return new Fault('OUTPUT_UNWRITABLE', `append to ${path}: ${code}`, {
    ...{ kind: 'invalid', cause },
    hint: 'GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name files that the runner makes',
  })
}
