// Every check: `npm test`. With arguments, only vitest runs, with those: `npm test -- src/dockerfile`.
import { join } from 'node:path'
import { bootstrap, packageLists, tools } from './bootstrap.mjs'
import { root } from './build.mjs'
import { main, run } from './run.mjs'

/** What the tests hold jettison against, or make their inputs with; each by the Debian package that has it. */
const testTools = Object.entries({
  readelf: 'binutils',
  getfattr: 'attr',
  setcap: 'libcap2-bin',
  zstd: 'zstd',
  xz: 'xz-utils',
  bzip2: 'bzip2',
  openssl: 'openssl',
  git: 'git',
}).map(([program, name]) => ({ anyOf: [program], packages: [name] }))

/** Shows the report page; without a font it would show nothing. */
const browser = { anyOf: ['chromium'], packages: ['chromium', 'fonts-dejavu-core'] }

const module = (path) => join(root, 'node_modules', path)

await main(async () => {
  await bootstrap([tools.mmdebstrap, tools.pip, ...testTools, browser])
  await packageLists()
  const only = process.argv.slice(2)
  const checks = only.length > 0 ? [] : [...types(), lint()]
  const failed = []
  for (const [name, ...command] of checks) {
    console.error(`\n$ ${name}`)
    if ((await run(process.execPath, command, { cwd: root })) !== 0) failed.push(name)
  }
  const code = await run(process.execPath, [module('vitest/vitest.mjs'), 'run', ...only], { cwd: root })
  for (const name of failed) console.error(`failed: ${name}`)
  return code === 0 && failed.length > 0 ? 1 : code
})

function types() {
  const tsc = module('typescript/bin/tsc')
  return [
    ['types', tsc, '-p', 'tsconfig.json'],
    ['types of the report page', tsc, '-p', 'web/tsconfig.json'],
    ['types of the library', tsc, '-p', 'tsconfig.build.json', '--noEmit'],
  ]
}

function lint() {
  return ['lint', module('@biomejs/biome/bin/biome'), 'ci', '.']
}
