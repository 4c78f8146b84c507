import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exampleApp, exampleNames } from './examples.ts'
import { smallApp } from './small-app.ts'
import { type Trip, trips } from './trips.ts'
import { openWorld, type Traveller, type World } from './world.ts'

const usage = `npm run interchange [-- OPTIONS]

Sends the image of every example, and a small one, on every way that images go: through a registry, Docker Engine,
podman, skopeo and umoci and back. What arrives has to answer as it did at home.

      --only NAME   these images only: small, or the beginning of an example's name (repeatable)
      --trip REGEXP these ways only
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
  const ways = trips.filter(({ name }) => new RegExp(values.trip).test(name))
  const cache = join(homedir(), '.cache', 'jettison')
  mkdirSync(values.root, { recursive: true })
  const world = await openWorld(cache, values.root)
  const folder = join(world.home, 'projects')
  mkdirSync(folder)
  const rows: Row[] = []
  try {
    for (const name of names) {
      say(`${name} (${names.indexOf(name) + 1} of ${names.length})`)
      rows.push(...(await journeys(world, name, { ways, folder, bases: values.bases })))
    }
  } finally {
    await world.close()
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows, ways))
  return rows.length > 0 && rows.every(({ problems }) => problems.length === 0) ? 0 : 1
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
  // The next image has the disk for itself.
  await world.docker.exec(['system', 'prune', '-af'])
  await world.podman.exec(['rmi', '-af'])
  return rows
}

function table(rows: readonly Row[], ways: readonly Trip[]): string {
  const images = [...new Set(rows.map(({ image }) => image))]
  const lines = [{ name: 'build' }, ...ways].flatMap(({ name }) => {
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
