import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { baseArchives } from './bases/bases.ts'
import { cases } from './cases/index.ts'
import { findBuildkit, startBuildkit } from './engines/buildkit.ts'
import { startDocker } from './engines/docker.ts'
import { startJettison } from './engines/jettison.ts'
import type { Engine, StartEngine } from './engines/types.ts'
import { kanikoCases } from './kaniko/dockerfiles.ts'
import { runCases } from './suites/cases.ts'
import { runKaniko } from './suites/kaniko.ts'
import { parserChecks } from './suites/parser.ts'
import { shellChecks } from './suites/shell.ts'
import { runTable, type SuiteResult } from './suites/types.ts'

const usage = `npm run conformance [-- OPTIONS]

  --json            print the table as data
  --suite NAME      parser, shell, cases or kaniko (repeatable; default: all)
  --oracle NAME     buildkit (a current one, compiled with Go), docker (Debian's Docker Engine), none, or auto
  --only REGEXP     cases and Dockerfiles whose name matches
  --jettison FILE   the program to measure (default: bin/jettison)
  --verbose         say what differs as it is found
`

/** The full measure. @returns the exit code: 1 when a suite differs without a recorded reason */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      suite: { type: 'string', multiple: true },
      oracle: { type: 'string', default: 'auto' },
      only: { type: 'string', default: '' },
      jettison: { type: 'string', default: 'bin/jettison' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const wants = (name: string): boolean => !values.suite || values.suite.includes(name)
  const suites: SuiteResult[] = []
  if (wants('parser')) suites.push(runTable('parser', parserChecks()))
  if (wants('shell')) suites.push(runTable('shell rows', shellChecks()))
  if (wants('cases') || wants('kaniko'))
    suites.push(...(await builds({ ...values, wants, program: resolve(values.jettison) })))
  const text = values.json ? `${JSON.stringify({ suites }, null, 2)}\n` : table(suites)
  process.stdout.write(text)
  return suites.every(({ differ }) => differ.every(({ reason }) => isRecorded(reason))) ? 0 : 1
}

function isRecorded(reason: string): boolean {
  return reason.startsWith('on purpose: ')
}

type BuildOptions = {
  readonly oracle: string
  readonly only: string
  readonly verbose: boolean
  readonly program: string
  readonly wants: (suite: string) => boolean
}

async function builds(options: BuildOptions): Promise<SuiteResult[]> {
  const only = new RegExp(options.only)
  const suites: SuiteResult[] = []
  const small = baseArchives(['busybox', 'alpine'])
  const bases = options.wants('kaniko') ? baseArchives() : small
  const onCase = (name: string, wrong: readonly string[]): void => {
    process.stderr.write(wrong.length > 0 ? `x ${name}\n` : '.')
    if (options.verbose) for (const line of wrong) process.stderr.write(`    ${line}\n`)
  }
  const engines: Engine[] = []
  closeOnSignal(engines)
  const open = async (start: Promise<Engine>): Promise<Engine> => {
    const engine = await start
    engines.push(engine)
    return engine
  }
  try {
    const ours = await open(startJettison(bases, options.program))
    const start = oracleOf(options.oracle)
    const oracle = start ? await open(start(bases)) : null
    if (options.wants('cases')) {
      const chosen = cases.filter(({ name }) => only.test(name))
      suites.push(await runCases(chosen, { bases: small, ours, oracle, onCase }))
    }
    if (options.wants('kaniko') && oracle) {
      const chosen = kanikoCases().filter(({ name }) => only.test(name))
      suites.push(await runKaniko(chosen, { ours, oracle, onCase }))
    }
    process.stderr.write('\n')
  } finally {
    for (const engine of engines) await engine.close()
  }
  return suites
}

/** A run that is stopped ends its daemons too: they are no children of a terminal. */
function closeOnSignal(engines: readonly Engine[]): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      void Promise.allSettled(engines.map((engine) => engine.close())).then(() =>
        process.exit(code),
      )
    })
}

/** `auto` takes a current BuildKit where one can be compiled: where it and 20.10 differ, the current one is right. */
function oracleOf(name: string): StartEngine | null {
  if (name === 'none') return null
  if (name === 'docker') return startDocker
  if (name === 'buildkit') return startBuildkit
  const found = findBuildkit()
  if ('bin' in found) return startBuildkit
  process.stderr.write(`${found.missing}; Docker Engine is asked instead\n`)
  return startDocker
}

function table(suites: readonly SuiteResult[]): string {
  const rows = suites.map(({ name, cases: count, pass, differ, notApplicable }) =>
    [name.padEnd(26), count, pass, differ.length, notApplicable.length]
      .map((cell) => String(cell).padStart(6))
      .join('  '),
  )
  const head = `${'suite'.padEnd(26)}   cases    pass  differ     n/a`
  const reasons = suites.flatMap(({ name, differ, notApplicable }) => [
    ...differ.map(
      (item) => `  ${name}: ${item.case}\n      ${item.reason.split('\n').join('\n      ')}`,
    ),
    ...notApplicable.map((item) => `  ${name}: ${item.case} (not applicable: ${item.reason})`),
  ])
  return `${[head, ...rows].join('\n')}\n${reasons.length > 0 ? `\n${reasons.join('\n')}\n` : ''}`
}

process.exitCode = await main()
