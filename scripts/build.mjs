// Bundles the sources into dist/: `node scripts/build.mjs [--no-types]`.
// dist/cli/main.js is the command, dist/index.js the library; both share chunks that load when first needed.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main, run, Stop } from './run.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const stamp = join(dist, '.sources')

/** Bundles when a source file changed since the last time. Needs node_modules. */
export async function buildIfChanged() {
  const now = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return false
  await bundle()
  writeFileSync(stamp, now)
  return true
}

/** Writes every bundle, then deletes what the last build left and this one did not write. */
export async function bundle() {
  const esbuild = await import('esbuild')
  const options = {
    absWorkingDir: root,
    entryPoints: entries(),
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['koffi'],
    // The package's browser build is the same code as modules; its Node build is CommonJS, which a bundle of modules
    // could load only through a shim.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
  }
  // esbuild has printed the errors with their places by then.
  const result = await esbuild.build(options).catch(() => {
    throw new Stop('dist/ was not built', 1)
  })
  const written = new Set()
  // Chunks before entries: a jettison that starts meanwhile finds what its entry names.
  const last = (file) => (file.path.includes('/chunks/') ? 0 : 1)
  for (const file of result.outputFiles.toSorted((a, b) => last(a) - last(b))) {
    mkdirSync(dirname(file.path), { recursive: true })
    writeFileSync(file.path, file.contents)
    written.add(file.path)
  }
  writeFileSync(join(dist, 'THIRD_PARTY_LICENSES'), licences(Object.keys(result.metafile.inputs)))
  removeStale(written)
}

/** Type declarations of the library, into dist/types. */
export function declarations() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return run(process.execPath, [
    ...[tsc, '-p', join(root, 'tsconfig.build.json')],
    ...['--emitDeclarationOnly', '--outDir', join(dist, 'types')],
  ])
}

/** The command, the library, and every file that is started as a worker. */
function entries() {
  const source = join(root, 'src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const workers = files.filter((path) => /(?:^|[/.-])worker\.ts$/.test(path))
  const wanted = ['cli/main.ts', 'index.ts', ...workers].filter((path) => files.includes(path))
  return Object.fromEntries(wanted.map((path) => [path.slice(0, -3), join('src', path)]))
}

function fingerprint() {
  const hash = createHash('sha256')
  const note = (path) => {
    const { size, mtimeMs } = statSync(path)
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`)
  }
  const source = join(root, 'src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  for (const path of files.filter((name) => /(?<!\.test)\.(?:ts|json|html|css)$/.test(name)).sort())
    note(join(source, path))
  for (const path of ['package-lock.json', 'scripts/build.mjs']) note(join(root, path))
  return hash.digest('hex')
}

function removeStale(written) {
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const path = join(dist, name)
    if (/\.m?js$/.test(name) && !name.startsWith('types/') && !written.has(path)) rmSync(path)
  }
}

/** Name, version and licence text of each package whose code is inside the bundles. */
function licences(inputs) {
  const names = new Set(
    inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  const parts = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry))
    if (!file) throw new Error(`${name} has no licence file, so it cannot be bundled`)
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
  return parts.join(`\n${'-'.repeat(79)}\n\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await bundle()
    writeFileSync(stamp, fingerprint())
    return process.argv.includes('--no-types') ? 0 : declarations()
  })
}
