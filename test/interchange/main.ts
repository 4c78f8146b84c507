import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { randomOf } from '../endurance/random.ts'
import { exampleApp, exampleNames } from './examples.ts'
import { smallApp } from './small-app.ts'
import { type Trip, trips } from './trips.ts'
import { openWorld, type Traveller, type World } from './world.ts'

const usage = `npm run interchange [-- OPTIONS]

Sends the image of every example, and a small one, to Docker Engine and back through a registry; the small one and
three that a seed picks on every way that images go, with podman, skopeo and umoci. What arrives has to answer as it did
at home.

      --only NAME   these images only: small, or the beginning of an example's name (repeatable)
      --trip REGEXP these ways only, of every image
      --trip all    every way of every image: hours
      --seed N      pick the same three again (default: a new seed, printed)
      --json        the table as data: [{image, trip, seconds, problems}]
      --root DIR    the store that the examples are built in
      --bases MODE  where their bases come from (as of jettison build)
`

type Row = {
  readonly image: string
  readonly trip: string
  readonly seconds: number
  readonly problems: readonly string[]
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      trip: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      json: { type: 'boolean', default: false },
      root: { type: 'string', default: '' },
      bases: { type: 'string', default: 'auto' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const asked = values.only.flatMap((text) => text.split(','))
  const names = ['small', ...exampleNames()].filter(
    (name) => asked.length === 0 || asked.some((one) => name.startsWith(one)),
  )
  const waysOf = choice(names, values)
  const cache = join(homedir(), '.cache', 'jettison')
  mkdirSync(values.root, { recursive: true })
  const world = await openWorld(cache, values.root)
  // A run that is stopped ends its daemon and registry too.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void world.close().finally(() => process.exit(code)))
  const folder = join(world.home, 'projects')
  mkdirSync(folder)
  const rows: Row[] = []
  try {
    for (const name of names) {
      say(`${name} (${names.indexOf(name) + 1} of ${names.length})`)
      rows.push(
        ...(await journeys(world, name, { ways: waysOf(name), folder, bases: values.bases })),
      )
    }
  } finally {
    await world.close()
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows))
  return rows.length > 0 && rows.every(({ problems }) => problems.length === 0) ? 0 : 1
}

/** Which ways an image goes. */
function choice(
  names: readonly string[],
  { trip, seed }: { readonly trip: string; readonly seed: string },
): (name: string) => readonly Trip[] {
  if (trip === 'all') return () => trips
  if (trip !== '') {
    const ways = trips.filter(({ name }) => new RegExp(trip).test(name))
    return () => ways
  }
  say(`seed ${seed}`)
  const random = randomOf(Number(seed))
  const drawn = names
    .filter((name) => name !== 'small')
    .map((name) => ({ name, lot: random() }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, 3)
  const everywhere = new Set(['small', ...drawn.map(({ name }) => name)])
  const through = trips.filter(({ registry }) => registry === true)
  return (name) => (everywhere.has(name) ? trips : through)
}

async function journeys(
  world: World,
  name: string,
  options: { readonly ways: readonly Trip[]; readonly folder: string; readonly bases: string },
): Promise<readonly Row[]> {
  const { jettison } = world
  let traveller: Traveller
  try {
    traveller =
      name === 'small'
        ? await smallApp(jettison, options.folder, 'travels/small:1')
        : await exampleApp(jettison, name, options)
  } catch (error) {
    say(`  ✗ it is not built: ${String(error).slice(-500)}`)
    return [{ image: name, trip: 'build', seconds: 0, problems: [String(error)] }]
  }
  say(`  ${traveller.answer.split('\n').length} answers to compare`)
  const rows: Row[] = []
  for (const way of options.ways) {
    const start = performance.now()
    const problems = await way.go(world, traveller).catch((error: unknown) => [String(error)])
    const seconds = Math.round((performance.now() - start) / 100) / 10
    rows.push({ image: name, trip: way.name, seconds, problems })
    say(`  ${problems.length === 0 ? '✓' : '✗'} ${way.name}, ${seconds} s`)
    for (const problem of problems.slice(0, 5)) say(`      ${problem}`)
  }
  // The next image has the disk for itself; what was built stays as steps of the store.
  await forget(world)
  await world.docker.exec(['system', 'prune', '-af'])
  await world.podman.exec(['rmi', '-af'])
  return rows
}

/** Removes the names that the trips gave in the store that images come from. */
async function forget({ jettison }: World): Promise<void> {
  const listed = await jettison.ok(['images', '--format', '{{.Repository}}:{{.Tag}}'])
  const names = listed.split('\n').filter((name) => /(^|\/)travels\//.test(name))
  if (names.length > 0) await jettison.ok(['rmi', ...names])
}

function table(rows: readonly Row[]): string {
  const images = [...new Set(rows.map(({ image }) => image))]
  const lines = [{ name: 'build' }, ...trips].flatMap(({ name }) => {
    const found = rows.filter(({ trip }) => trip === name)
    if (found.length === 0) return []
    const failed = found.filter(({ problems }) => problems.length > 0)
    const what = failed.length === 0 ? '' : `  ${failed.map(({ image }) => image).join(', ')}`
    return [
      `${failed.length === 0 ? '✓' : '✗'} ${found.length - failed.length}/${found.length}  ${name}${what}`,
    ]
  })
  return `${images.length} images: ${images.join(', ')}\n${lines.join('\n')}\n`
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

process.exitCode = await main()
