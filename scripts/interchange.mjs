// Images on their way through other programs and back: `npm run interchange [-- --json]`. Needs root; the programs are
// Debian's, unpacked into the cache and never installed.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { preflight } from './preflight.mjs'
import { main } from './run.mjs'
import { runTypeScript } from './typescript.mjs'

await main(async () => {
  await bootstrap()
  const { registry } = await preflight()
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const store = process.env.JETTISON_HOME ?? join(cache, 'jettison/examples-store')
  const usual = ['--root', store, '--bases', registry === null ? 'auto' : 'stand-in']
  return runTypeScript('test/interchange/main.ts', [...usual, ...process.argv.slice(2)])
})
