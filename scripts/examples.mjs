// Every project of examples/ from fat to lean, for real: `npm run examples [-- --json] [-- --only NAME] [-- --update]`.
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bootstrap } from './bootstrap.mjs'
import { root } from './build.mjs'
import { exampleNames, runExample } from './example.mjs'
import { examplesStore } from './example-project.mjs'
import { preflight } from './preflight.mjs'
import { main, Stop } from './run.mjs'

const usage = `Usage: npm run examples -- [OPTIONS]

Slims every project of examples/ and checks what came of it: the verdict or the refusal that the example expects, a lean
image at most 1.25 times the hand-written one, nothing of the build left in it, planning in less than a second,
\`already-lean\` for its own output, and the golden text in test/golden/examples.

      --only NAME   These examples only: a name or the beginning of one (repeatable)
      --json        The table as data: fat and lean in bytes, cut from 0 to 1
      --update      Write the golden texts instead of comparing them
      --root DIR    The store (default: JETTISON_HOME, else examples-store in the cache folder)
`

/** Before `main`, which runs while this file is still being read. */
const columns = [
  ['project', ({ project }) => project],
  ['ecosystem', ({ ecosystem }) => ecosystem ?? '–'],
  ['fat MB', ({ fat }) => megabytes(fat)],
  ['lean MB', ({ lean }) => megabytes(lean)],
  ['cut', ({ cut }) => (cut === null ? '–' : `${Math.round(cut * 100)} %`)],
  ['by hand MB', ({ handwritten }) => megabytes(handwritten)],
  ['seconds', ({ seconds }) => `${Math.round(seconds)}`],
  ['verdict', ({ verdict, reason }) => (reason === null ? verdict : `${verdict} ${reason}`)],
]
const leftAligned = new Set(['project', 'ecosystem', 'verdict'])

await main(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      root: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const asked = values.only.flatMap((one) => one.split(','))
  const names = exampleNames().filter(
    (name) => asked.length === 0 || asked.some((one) => name.startsWith(one)),
  )
  if (names.length === 0) throw new Stop(`no example is named ${asked.join(', ')}`, 2)
  await bootstrap()
  const { registry } = await preflight()
  const bases = registry === null ? 'auto' : 'stand-in'
  const store = values.root ?? examplesStore()
  mkdirSync(store, { recursive: true })
  const rows = []
  for (const name of names) {
    console.error(`${name} (${rows.length + 1} of ${names.length})`)
    const row = await runExample(name, { store, bases, update: values.update })
    for (const problem of row.problems) console.error(`  ✗ ${problem}`)
    console.error(`  ${line(row)}`)
    rows.push(row)
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows))
  return rows.some((row) => row.problems.length > 0) ? 1 : 0
})

function line({ verdict, reason, cut, seconds }) {
  const share = cut === null ? '' : `, ${Math.round(cut * 100)} % cut`
  return `${verdict}${reason === null ? '' : ` ${reason}`}${share}, ${Math.round(seconds)} s`
}

function table(rows) {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, of]) => of(row)))]
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at].length)))
  const text = cells.map((row) =>
    row
      .map((cell, at) =>
        leftAligned.has(columns[at][0]) ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
      )
      .join('  ')
      .trimEnd(),
  )
  return `${[...text, '', ...summary(rows)].join('\n')}\n`
}

function summary(rows) {
  const proved = rows.filter(({ verdict }) => verdict === 'EQUIVALENT')
  const refused = rows.filter(({ verdict }) => verdict === 'REFUSED')
  const cuts = proved.map(({ cut }) => cut).sort((a, b) => a - b)
  const middle = cuts.length >> 1
  const median = cuts.length % 2 === 1 ? cuts[middle] : (cuts[middle - 1] + cuts[middle]) / 2
  const problems = rows.flatMap((row) => row.problems.map((one) => `✗ ${row.project}: ${one}`))
  return [
    `${proved.length} of ${rows.length} EQUIVALENT (${Math.round((proved.length / rows.length) * 100)} %), ${refused.length} refused`,
    ...(cuts.length === 0 ? [] : [`median cut ${Math.round(median * 100)} %`]),
    ...(rows.some((row) => row.standInBases) ? ['on stand-in bases made from Debian packages'] : []),
    ...problems,
  ]
}

function megabytes(bytes) {
  return bytes === null ? '–' : `${Math.round(bytes / 1e6)}`
}
