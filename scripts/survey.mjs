// What slim makes of Dockerfiles by their text alone: `npm run survey -- FOLDER [--json]`. Nothing is built.
import { bootstrap } from './bootstrap.mjs'
import { main } from './run.mjs'
import { runTypeScript } from './typescript.mjs'

await main(async () => {
  await bootstrap()
  return runTypeScript('test/survey/main.ts', process.argv.slice(2))
})
