// The full measure against BuildKit: `npm run conformance [-- --json]`. Needs root, and Debian packages the first time.
import { bootstrap } from './bootstrap.mjs'
import { main } from './run.mjs'
import { runTypeScript } from './typescript.mjs'

await main(async () => {
  await bootstrap()
  return runTypeScript('test/conformance/main.ts', process.argv.slice(2))
})
