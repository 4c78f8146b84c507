// Kills and crowds on one store: `npm run endurance [-- --json | --help]`. Needs root, and Debian packages the first time.
import { bootstrap } from './bootstrap.mjs'
import { main } from './run.mjs'
import { runTypeScript } from './typescript.mjs'

await main(async () => {
  await bootstrap()
  return runTypeScript('test/endurance/main.ts', process.argv.slice(2))
})
