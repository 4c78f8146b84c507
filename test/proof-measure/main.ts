import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
// biome-ignore lint/correctness/useImportExtensions: the types lie beside the module, and are not what runs
import { examplesStore } from '../../scripts/example-project.mjs'
import { bundleChanges, storeWithBases } from '../support/bases.ts'
import { type Cli, cliOn } from '../support/jettison.ts'
import { type Case, casesOf, classesNotHere, type Suite, suites } from './cases.ts'
import { type ExampleMutations, exampleNames, measureExample } from './mutations.ts'
import { type Outcome, runCase } from './pair.ts'
import { lineOf, type Measure, summarise, tableOf } from './table.ts'

const usage = `npm run proof:measure [-- OPTIONS]

  --json            print the measure as data
  --suite NAME      failures, attacks, equivalent or mutations (repeatable; default: all)
  --only REGEXP     pairs and examples whose name matches
  --mutants NUMBER  so many mutants an example, one of each kind first, chosen by the image's ID (default 20), or all
  --store DIR       a store that has the bases already
  --no-symptoms     do not ask for what is broken as well
`

const noOutcomes: Record<Suite, Outcome[]> = { failures: [], attacks: [], equivalent: [] }

/** The full measure. @returns 0 when every pair is judged as it should be and enough mutants are caught */
async function main(): Promise<number> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      json: { type: 'boolean', default: false },
      suite: { type: 'string', multiple: true },
      only: { type: 'string', default: '' },
      mutants: { type: 'string', default: '20' },
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
  const bases = pairs.flatMap((one) => one.bases)
  bundleChanges()
  const onPairs = (): Cli =>
    values.store === undefined ? storeWithBases([...new Set(bases)]) : cliOn(resolve(values.store))
  const outcomes =
    pairs.length === 0 ? noOutcomes : await runPairs(onPairs(), pairs, values.symptoms)
  const onExamples = cliOn(values.store === undefined ? examplesStore() : resolve(values.store))
  const mutations: ExampleMutations[] = []
  for (const name of examples) {
    const measured = await measureExample(onExamples, name, values.mutants)
    mutations.push(measured)
    process.stderr.write(`${lineOf(measured)}\n`)
    for (const { what, reason } of measured.survivors)
      process.stderr.write(`  ${what} survives: ${reason}\n`)
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
  const out: Record<Suite, Outcome[]> = structuredClone(noOutcomes)
  for (const one of pairs) {
    const outcome = await runCase(jettison, one, { symptoms })
    out[one.suite].push(outcome)
    const { right, verdict, rung, message, seconds, shown } = outcome
    const seen = rung === null ? message : `${rung} ${message}`
    const word = right && shown !== false ? 'ok' : 'x '
    const unseen = shown === false ? ' (asking for it breaks nothing)' : ''
    process.stderr.write(
      `${word} ${one.name}: ${verdict} ${seen}${unseen} (${seconds.toFixed(1)} s)\n`,
    )
  }
  return out
}

function forMachines({ good: _, ...measure }: Measure): Omit<Measure, 'good'> {
  return measure
}

process.exitCode = await main()
