import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
let folder = ''
let installed = ''
let files: readonly string[] = []

/** The package as npm would publish it, in a project that has nothing else. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'))
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  const [found] = JSON.parse(packed) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ]
  files = found.files.map(({ path }) => path)
  installed = join(folder, 'node_modules/jettison-cli')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', [
    '-xzf',
    join(folder, found.filename),
    '--strip-components=1',
    '-C',
    installed,
  ])
  // Of the sources as they are, whatever an earlier build left in dist/types.
  rmSync(join(installed, 'dist/types'), { recursive: true, force: true })
  execFileSync(process.execPath, [
    ...[tsc, '-p', join(root, 'tsconfig.types.json')],
    ...['--outDir', join(installed, 'dist/types')],
  ])
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('the package holds what runs and what explains it, and nothing of the workshop', () => {
  const folders = new Set(files.map((path) => path.split('/')[0]))
  const { files: listed } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly files: readonly string[]
  }
  const allowed = [...listed, 'package.json', 'README.md', 'LICENSE']
  expect([...folders].filter((name) => !allowed.includes(name ?? ''))).toEqual([])
  const needed = [
    'bin/jettison',
    'bin/start.cjs',
    'dist/index.js',
    'dist/cli/main.cjs',
    'dist/page.html',
  ]
  const data = [
    'dist/THIRD_PARTY_LICENSES',
    'bases/bases.json',
    'schemas/report-1.json',
    'docs/explain/general.md',
  ]
  expect([...needed, ...data].filter((path) => !files.includes(path))).toEqual([])
  expect(files.filter((path) => /\.(?:map|tsx?)$/.test(path) && !path.endsWith('.d.ts'))).toEqual(
    [],
  )
  expect(files).not.toContain('dist/.sources')
})

test('the command of the package runs', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  const said = execFileSync(join(installed, 'bin/jettison'), ['--version'], { encoding: 'utf8' })
  expect(said).toBe(`jettison version ${version}\n`)
  const page = execFileSync(join(installed, 'bin/jettison'), ['explain', 'USAGE'], {
    encoding: 'utf8',
  })
  expect(page).toContain('USAGE')
})

test('the examples of docs/library.md have the types that they need, and the first does what it says', () => {
  const text = readFileSync(join(installed, 'docs/library.md'), 'utf8')
  const examples = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
  expect(examples.length).toBeGreaterThan(1)
  const names = examples.map((_, index) => `example${index}.mts`)
  for (const [index, example] of examples.entries()) {
    writeFileSync(join(folder, `example${index}.mts`), example)
    writeFileSync(join(folder, `example${index}.mjs`), example)
  }
  const options = {
    ...{ module: 'nodenext', target: 'es2023', strict: true, noEmit: true },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: names }),
  )
  execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\nENV A=b\n')
  const run = (): unknown =>
    JSON.parse(execFileSync(process.execPath, ['example0.mjs'], { cwd: folder, encoding: 'utf8' }))
  expect(run()).toMatchObject({ ran: 1, cached: 0, packages: 0 })
  expect(run()).toMatchObject({ ran: 0, cached: 1 })
})
