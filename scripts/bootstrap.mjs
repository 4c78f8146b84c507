// Makes a clone ready: packages of Debian and of npm, and dist/. Uses Node's own modules only, since it runs before
// there is anything else; each part is skipped when it is done already.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfChanged, root } from './build.mjs'
import { capture, found, main, run, Stop } from './run.mjs'

/** What jettison starts that a minimal Debian or Ubuntu may lack, by the package that has it. */
export const tools = {
  mmdebstrap: { anyOf: ['mmdebstrap'], packages: ['mmdebstrap', 'debian-archive-keyring'] },
  pip: { anyOf: ['pip', 'pip3'], packages: ['python3-pip'] },
}

export async function bootstrap(needed = [tools.mmdebstrap]) {
  checkNode()
  await debianPackages(needed)
  await nodeModules()
  if (await buildIfChanged()) console.error('bootstrap: built dist/')
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [major, minor] = engines.node.replace('>=', '').split('.').map(Number)
  const [ours, ourMinor] = process.versions.node.split('.').map(Number)
  if (ours < major || (ours === major && ourMinor < minor))
    throw new Stop(`this is Node ${process.versions.node}; jettison needs ${engines.node}`, 2)
}

/** Installs what is missing as root or with sudo; otherwise ends with the command that would. */
export async function debianPackages(needed) {
  const missing = needed.filter((tool) => !tool.anyOf.some(found))
  if (missing.length === 0) return
  const packages = missing.flatMap((tool) => tool.packages)
  const names = packages.join(' ')
  if (!found('apt-get'))
    throw new Stop(`missing: ${names} (Debian's names; there is no apt-get here to install them)`, 3)
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  const prefix = await asRoot()
  if (!prefix) {
    const shell = found('sudo') ? 'sudo sh -c' : 'su -c'
    throw new Stop(
      `run this once, then start again:\n\n  ${shell} 'apt-get update && ${install.join(' ')}'\n`,
      3,
    )
  }
  console.error(`bootstrap: installing ${names}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [['apt-get', 'update', '-qq'], install]) {
    const [program, ...args] = [...prefix, ...command]
    // apt's lines are progress: stdout belongs to results.
    const code = await run(program, args, { stdio: ['ignore', 2, 2], env })
    if (code !== 0) throw new Stop(`${command.join(' ')} ended with code ${code}`, 3)
  }
}

/** Tests unpack their peers from packages that `apt-get download` brings, which needs apt's lists. */
export async function packageLists() {
  const lists = '/var/lib/apt/lists'
  if (existsSync(lists) && readdirSync(lists).some((name) => name.includes('_Packages'))) return
  const prefix = await asRoot()
  if (!prefix) throw new Stop("run this once, then start again:\n\n  su -c 'apt-get update'\n", 3)
  const [program, ...args] = [...prefix, 'apt-get', 'update', '-qq']
  await run(program, args, { stdio: ['ignore', 2, 2] })
}

/** What to put before a command that needs root: nothing, sudo, or undefined when neither works. */
async function asRoot() {
  if (process.getuid?.() === 0) return []
  if (!found('sudo')) return undefined
  const asks = process.stdin.isTTY && process.stderr.isTTY
  if (asks || (await capture('sudo', ['-n', 'true'])).code === 0)
    return ['sudo', 'DEBIAN_FRONTEND=noninteractive']
  return undefined
}

async function nodeModules() {
  if (installedAsLocked()) return
  console.error('bootstrap: npm ci')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  const code = await run('npm', args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (code !== 0) throw new Stop(`npm ci ended with code ${code}`, 3)
}

/** Compares the lock file with the one that npm leaves behind when an installation is complete. */
function installedAsLocked() {
  const hidden = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages
  const wanted = packages(join(root, 'package-lock.json'))
  const here = packages(hidden)
  const agrees = ([path, entry]) =>
    here[path] ? here[path].version === entry.version : entry.optional === true
  return Object.entries(wanted).every((pair) => pair[0] === '' || agrees(pair))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(() => bootstrap())
