// How far the proof can be trusted: `npm run proof:measure [-- --json | --help]`. Needs root, Debian's packages and PyPI.
import { bootstrap } from './bootstrap.mjs'
import { main } from './run.mjs'
import { runTypeScript } from './typescript.mjs'

await main(async () => {
  await bootstrap()
  return runTypeScript('test/proof-measure/main.ts', process.argv.slice(2))
})
