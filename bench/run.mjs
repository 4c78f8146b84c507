// `npm run bench [-- NAME …] [--no-peer]`: sets itself up, runs the cases beside Docker Engine, writes results/NAME.json.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, homedir, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { bootstrap } from '../scripts/bootstrap.mjs'
import { root } from '../scripts/build.mjs'
import { capture, main, run, Stop } from '../scripts/run.mjs'
import { cases } from './cases.mjs'
import { startDocker } from './docker.mjs'

const cache = join(homedir(), '.cache/jettison')
/** Shared with the tests, because making python:3.11 takes minutes. */
const store = join(cache, 'test-store')
const jettison = { command: join(root, 'bin/jettison'), env: { JETTISON_HOME: store } }

await main(async () => {
  const words = process.argv.slice(2)
  const names = words.filter((word) => !word.startsWith('--'))
  const unknown = names.filter((name) => !Object.hasOwn(cases, name))
  if (unknown.length > 0)
    throw new Stop(`no case ${unknown.join(', ')}; there are ${Object.keys(cases).join(', ')}`, 2)
  const wanted = names.length > 0 ? names : Object.keys(cases)
  await bootstrap()
  await makeBases([...new Set(wanted.flatMap((name) => cases[name].images))])
  const peer = !words.includes('--no-peer')
  const daemon = peer && wanted.some((name) => cases[name].daemon !== false)
  const docker = daemon ? await startDocker() : undefined
  const stop = async () => {
    await docker?.close()
    process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop())
  try {
    const loaded = new Set()
    for (const name of wanted) {
      if (docker && name !== 'analyze')
        for (const image of cases[name].images)
          if (!loaded.has(image)) {
            console.error(`bench: docker load ${image}`)
            await docker.load(jettison, image)
            loaded.add(image)
          }
      await runCase(name, cases[name].daemon === false ? undefined : docker, peer)
    }
  } finally {
    await docker?.close()
    for (const name of wanted) await capture(jettison.command, ['rmi', `bench:${name}`], withStore())
  }
  return 0
})

async function runCase(name, docker, peer) {
  console.error(`bench: ${name}`)
  const folder = mkdtempSync(join(tmpdir(), `jettison-bench-${name}-`))
  const contestants = (args) => ({
    jettison: { ...jettison, args },
    ...(docker ? { docker: { command: docker.docker, env: docker.env, args: forDocker(args) } } : {}),
  })
  try {
    const load = loadavg()[0]
    const figures = await cases[name].run({ folder, contestants, docker, peer, jettison })
    const result = { name, shows: cases[name].shows, ...about(docker), load, ...figures }
    mkdirSync(join(root, 'bench/results'), { recursive: true })
    writeFileSync(join(root, 'bench/results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
    console.log(line(result))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Docker's network is the host's, as ours is. */
function forDocker([command, ...rest]) {
  return command === 'build' ? [command, '--network', 'host', ...rest] : [command, ...rest]
}

async function makeBases(images) {
  // Without a name all of them would be made.
  if (images.length === 0) return
  mkdirSync(cache, { recursive: true })
  const lock = [join(cache, 'test-store.lock'), jettison.command, 'bases', '--root', store, ...images]
  const code = await run('flock', lock, { stdio: ['ignore', 2, 2] })
  if (code !== 0) throw new Stop('the base images could not be made', code)
}

function withStore() {
  return { env: { ...process.env, ...jettison.env } }
}

/** Where a figure comes from. */
function about(docker) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short=12', 'HEAD'),
    changed: git('status', '--porcelain', '--', 'src', 'bin', 'scripts') !== '',
    machine: {
      cpu: cpus()[0]?.model.trim(),
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      node: process.version,
      filesystem: filesystemOf(tmpdir()),
    },
    ...(docker ? { peer: `Docker Engine ${docker.version} (BuildKit)` } : {}),
  }
}

function filesystemOf(path) {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((row) => row.split(' '))
    .filter(([, point]) => point !== undefined && `${path}/`.startsWith(point === '/' ? '/' : `${point}/`))
    .sort(([, a], [, b]) => b.length - a.length)
  return mounts[0]?.[2]
}

function line(result) {
  const of = (name) => {
    const { min, median, max } = result[name].seconds
    return `${name} ${median} s (${min} to ${max})`
  }
  const peers = Object.entries(result.ratios).map(
    ([pair, ratio]) => `, ${of(pair.replace('/jettison', ''))}; ${pair} ${ratio.median}`,
  )
  return `${result.name.padEnd(10)}  ${of('jettison')}, ${result.jettison.peakMiB} MiB${peers.join('')}`
}
