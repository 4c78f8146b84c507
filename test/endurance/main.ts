import { parseArgs } from 'node:util'
import { killRandomly } from './kills.ts'
import { workSideBySide } from './parallel.ts'
import { makeWorld } from './world.ts'

const usage = `npm run endurance [-- OPTIONS]

  --json          print the result as data
  --kills N       commands that are killed at a random moment (default: 200)
  --workers N     processes that work on one store side by side (default: 20)
  --tasks N       commands of each worker (default: 5)
  --seed N        repeat a run (default: a new seed, printed)
  --verbose       say what is found at once
`

/** The full measure. @returns the exit code: 1 when there is a fault */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      kills: { type: 'string', default: '200' },
      workers: { type: 'string', default: '20' },
      tasks: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const seed = Number(values.seed)
  process.stderr.write(`seed ${seed}\n`)
  const world = await makeWorld()
  // A run that is stopped ends its registry too.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void world.close().finally(() => process.exit(code)))
  try {
    const kills = await killRandomly(world, {
      rounds: Number(values.kills),
      seed,
      onRound: (_round, _name, found) => {
        process.stderr.write(found.length > 0 ? 'x' : '.')
        if (values.verbose) for (const text of found) process.stderr.write(`\n${text}\n`)
      },
    })
    const sideBySide = await workSideBySide(world, {
      workers: Number(values.workers),
      tasks: Number(values.tasks),
      seed,
    })
    process.stderr.write('\n')
    const result = { seed, kills, parallel: sideBySide }
    process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : table(result))
    return kills.faults.length + sideBySide.faults.length === 0 ? 0 : 1
  } finally {
    await world.close()
  }
}

type Result = {
  readonly kills: Awaited<ReturnType<typeof killRandomly>>
  readonly parallel: Awaited<ReturnType<typeof workSideBySide>>
}

function table({ kills, parallel }: Result): string {
  const rows = Object.entries(kills.commands).map(
    ([name, { killed, ended }]) =>
      `${name.padEnd(10)}${String(killed).padStart(8)}${String(ended).padStart(12)}`,
  )
  const ran = Object.entries(parallel.commands).map(([name, count]) => `${count} ${name}`)
  const faults = [...kills.faults, ...parallel.faults]
  return [
    `command     killed  done before`,
    ...rows,
    '',
    `${parallel.workers} side by side: ${ran.join(', ')}`,
    '',
    faults.length === 0 ? 'no faults' : `${faults.length} faults:`,
    ...faults.map((text) => `  ${text}`),
    '',
  ].join('\n')
}

process.exitCode = await main()
