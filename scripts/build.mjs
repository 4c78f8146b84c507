// Bundles the sources into dist/: `node scripts/build.mjs [--no-types]`.
// dist/cli/main.cjs is the command, started by bin/start.cjs; dist/index.js is the library. Chunks of both load when
// first needed.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { throughDoors } from './doors.mjs'
import { pageTemplate } from './page.mjs'
import { capture, main, run, Stop } from './run.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const stamp = join(dist, '.sources')
const target = 'node20.19'

/** Bundles when a source file changed since the last time. Needs node_modules. */
export async function buildIfChanged() {
  const now = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return false
  await bundle()
  writeFileSync(stamp, now)
  return true
}

/** Writes every bundle, then deletes what earlier builds left. */
export async function bundle() {
  const esbuild = await import('esbuild')
  const options = {
    absWorkingDir: root,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target,
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
  const results = await Promise.all([
    esbuild.build({ ...options, entryPoints: entries(), outdir: 'dist' }),
    esbuild.build({
      ...options,
      entryPoints: ['src/cli/main.ts'],
      outdir: 'dist/cli',
      outExtension: { '.js': '.cjs' },
      plugins: [throughDoors(join(root, 'src'), cachedBuild)],
    }),
  ]).catch(() => {
    throw new Stop('dist/ was not built', 1)
  })
  const [library, command] = results.map((result) => result.outputFiles)
  // Code of an earlier build must be gone before it could be taken for that of a new file.
  removeOld((name) => name.endsWith('.code'))
  const written = new Set()
  const write = (path, contents) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
    written.add(path)
  }
  for (const { path, contents } of chunksFirst(library)) write(path, contents)
  for (const { path, text } of chunksFirst(command))
    write(path, await asScript(esbuild.transform, text))
  const page = await pageTemplate(esbuild, root)
  write(join(dist, 'page.html'), page.html)
  const inputs = results
    .flatMap((result) => Object.keys(result.metafile.inputs))
    .concat(page.inputs)
  write(join(dist, 'THIRD_PARTY_LICENSES'), licences(inputs))
  // A jettison that runs meanwhile has the rest of its chunks still to load.
  const hourAgo = Date.now() - 3_600_000
  const stays = (path) =>
    written.has(path) || (path.includes('/chunks/') && statSync(path).mtimeMs > hourAgo)
  removeOld((name) => /\.[cm]?js$/.test(name) && !stays(join(dist, name)))
  await keepCode()
}

/** What a build runs that finds every step in the cache: one part, so that it starts in no time. */
const cachedBuild = ['cli/main.ts', 'cli/commands/build.ts', 'cli/progress/index.ts', 'app/session.ts']

/** Chunks before entries: a jettison that starts meanwhile finds what its entry names. */
function chunksFirst(files) {
  const last = (file) => (file.path.includes('/chunks/') ? 0 : 1)
  return files.toSorted((a, b) => last(a) - last(b))
}

/** CommonJS in its function, because V8's code of a module cannot be kept (bin/start.cjs). */
async function asScript(transform, text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
  })
  return `(function (exports, require, module, __dirname, __filename) {${code}})\n`
}

/**
 * Lets V8 compile what a cached build and an analysis run, by running them. Without it everything works, a little later.
 */
async function keepCode() {
  const folder = mkdtempSync(join(tmpdir(), 'jettison-build-'))
  try {
    const context = join(folder, 'context')
    for (const [path, text] of Object.entries(warmUp)) {
      mkdirSync(dirname(join(context, path)), { recursive: true })
      writeFileSync(join(context, path), text)
    }
    const train = join(root, 'scripts/keep-code.cjs')
    const env = { ...process.env, JETTISON_HOME: join(folder, 'store') }
    const jettison = (...args) => capture(process.execPath, [train, ...args], { env })
    const archive = join(folder, 'image.tar')
    await jettison('build', '-t', 'warm-up', context)
    await jettison('save', '-o', archive, 'warm-up')
    await jettison('analyze', '--json', archive)
    await jettison('build', '-t', 'warm-up', context)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A project whose image has something of all that most images have: packages of Debian and of Python. */
const warmUp = {
  Dockerfile: `# syntax=docker/dockerfile:1
ARG VERSION=1
FROM scratch AS one
ENV A=1 B="$VERSION"
LABEL a=b
WORKDIR /app
COPY Dockerfile .
FROM one
COPY --from=one --chown=1:1 /app /copied
COPY root /
USER 1000
EXPOSE 5000
HEALTHCHECK --interval=5s CMD ["true"]
CMD ["python", "app.py"]
`,
  'root/var/lib/dpkg/status': `Package: python3
Status: install ok installed
Priority: optional
Section: python
Architecture: amd64
Version: 3.11.2-1
Depends: libc6 (>= 2.36), one | two

Package: libc6
Status: install ok installed
Priority: required
Architecture: amd64
Multi-Arch: same
Version: 2.36-9
Provides: libc
`,
  'root/var/lib/dpkg/info/python3.list': '/.\n/usr\n/usr/bin\n/usr/bin/python\n/usr/share/doc/python3/copyright\n',
  'root/var/lib/dpkg/info/libc6:amd64.list': '/.\n/usr\n/usr/lib\n/usr/lib/libc.a\n/usr/include/stdio.h\n',
  'root/var/lib/apt/extended_states': 'Package: libc6\nArchitecture: amd64\nAuto-Installed: 1\n',
  'root/usr/bin/python': '#!/bin/sh\n',
  'root/usr/lib/libc.a': '!<arch>\n',
  'root/usr/include/stdio.h': '',
  'root/usr/share/doc/python3/copyright': '',
  'root/usr/lib/python3/dist-packages/one-1.dist-info/METADATA': 'Name: one\nVersion: 1\nRequires-Dist: two\n',
  'root/usr/lib/python3/dist-packages/one-1.dist-info/RECORD': 'one/__init__.py,,\none/__pycache__/__init__.cpython-311.pyc,,\n',
  'root/usr/lib/python3/dist-packages/one/__init__.py': 'import two\n',
  'root/usr/lib/python3/dist-packages/one/__pycache__/__init__.cpython-311.pyc': '',
}

/** Type declarations of the library, into dist/types. */
export function declarations() {
  rmSync(join(dist, 'types'), { recursive: true, force: true })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return run(process.execPath, [
    ...[tsc, '-p', join(root, 'tsconfig.types.json')],
    ...['--outDir', join(dist, 'types')],
  ])
}

/** The library, and every file that is started as a worker. */
function entries() {
  const source = join(root, 'src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const workers = files.filter((path) => /(?:^|[/.-])worker\.ts$/.test(path))
  const wanted = ['index.ts', ...workers].filter((path) => files.includes(path))
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
  const web = join(root, 'web')
  for (const path of readdirSync(web, { recursive: true, encoding: 'utf8' }).sort())
    if (/\.(?:tsx?|css|html)$/.test(path)) note(join(web, path))
  for (const path of ['package-lock.json', 'scripts/build.mjs', 'scripts/doors.mjs', 'scripts/page.mjs', 'bin/start.cjs'])
    note(join(root, path))
  return hash.digest('hex')
}

function removeOld(isOld) {
  if (!existsSync(dist)) return
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
    if (!name.startsWith('types/') && isOld(name)) rmSync(join(dist, name))
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
