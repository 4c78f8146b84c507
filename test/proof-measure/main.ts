import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, cliOn } from '../support/jettison.ts'
import { type Case, casesOf, classesNotHere, type Suite, suites } from './cases.ts'
import { type ExampleMutations, exampleNames, measureExample } from './mutations.ts'
import { type Outcome, runCase } from './pair.ts'
import { type Measure, summarise, tableOf } from './table.ts'

const usage = `npm run proof:measure [-- OPTIONS]

  --json            print the measure as data
  --suite NAME      failures, attacks, equivalent or mutations (repeatable; default: all)
  --only REGEXP     pairs and examples whose name matches
  --mutants NUMBER  as many mutants an example instead of every possible one
  --store DIR       a store that has the bases already
  --no-symptoms     do not ask for what is broken as well
`

/** The full measure. @returns 0 when every pair is judged as it should be and enough mutants are caught */
async function main(): Promise<number> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      json: { type: 'boolean', default: false },
      suite: { type: 'string', multiple: true },
      only: { type: 'string', default: '' },
      mutants: { type: 'string', default: 'all' },
      store: { type: 'string' },
      symptoms: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const only = new RegExp(values.only)
  const wants = (name: string): boolean => !values.suite || values.suite.includes(name)
  const pairs = suites
    .filter(wants)
    .flatMap((suite) => casesOf(suite))
    .filter(({ name }) => only.test(name))
  const examples = wants('mutations') ? exampleNames().filter((name) => only.test(name)) : []
  const bases = [
    ...pairs.flatMap((one) => one.bases),
    ...(examples.length > 0 ? ['python:3.11', 'python:3.11-slim'] : []),
  ]
  const jettison =
    values.store === undefined ? storeWithBases([...new Set(bases)]) : cliOn(resolve(values.store))
  const outcomes = await runPairs(jettison, pairs, values.symptoms)
  const mutations: ExampleMutations[] = []
  for (const name of examples) {
    const measured = await measureExample(jettison, name, values.mutants)
    mutations.push(measured)
    const { total, killed, why } = measured
    process.stderr.write(`mutants of ${name}: ${why ?? `${killed} of ${total}`}\n`)
  }
  const measure = summarise({
    outcomes,
    notHere: wants('failures') && values.only === '' ? classesNotHere() : [],
    mutations,
  })
  process.stdout.write(
    values.json ? `${JSON.stringify(forMachines(measure), null, 2)}\n` : tableOf(measure),
  )
  return measure.good ? 0 : 1
}

async function runPairs(
  jettison: Cli,
  pairs: readonly Case[],
  symptoms: boolean,
): Promise<Readonly<Record<Suite, readonly Outcome[]>>> {
  const out: Record<Suite, Outcome[]> = { failures: [], attacks: [], equivalent: [] }
  for (const one of pairs) {
    const outcome = await runCase(jettison, one, { symptoms })
    out[one.suite].push(outcome)
    const { right, verdict, rung, message, seconds } = outcome
    const seen = rung === null ? message : `${rung} ${message}`
    process.stderr.write(
      `${right ? 'ok' : 'x '} ${one.name}: ${verdict} ${seen} (${seconds.toFixed(1)} s)\n`,
    )
  }
  return out
}

function forMachines({ good: _, ...measure }: Measure): Omit<Measure, 'good'> {
  return measure
}

process.exitCode = await main()
