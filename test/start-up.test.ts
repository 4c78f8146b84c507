import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const launcher = join(import.meta.dirname, '../bin/start.cjs')
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-up-'))
  writeFileSync(
    join(folder, 'Dockerfile'),
    'FROM scratch\nWORKDIR /app\nCOPY Dockerfile .\nCMD ["app"]\n',
  )
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Builds, and tells what of Node and of ourselves was loaded by the end. */
function build(...flags: readonly string[]): { readonly node: Set<string>; readonly ours: string } {
  const code = `const { readFileSync } = require('node:fs')
const { loadedFiles, start } = require(${JSON.stringify(launcher)})
start(process.argv.slice(1)).then(() => {
  const node = process.moduleLoadList.filter((name) => name.startsWith('NativeModule '))
  const ours = loadedFiles().map((path) => readFileSync(path, 'utf8')).join('')
  console.log(JSON.stringify({ node: node.map((name) => name.slice(13)), ours }))
})`
  const args = ['build', '-q', '--root', join(folder, 'store'), '-t', 'start-up', ...flags, folder]
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { node, ours } = JSON.parse(stdout.split('\n')[1] ?? '') as { node: string[]; ours: string }
  return { node: new Set(node), ours }
}

test.each([
  ['--help', '0'],
  ['lint --help', '0'],
  ['frobnicate', '2'],
])('%s ends well when nobody reads what it says', (words, code) => {
  const script = `"$0" "$1" ${words} 2>/dev/null | true; echo "\${PIPESTATUS[0]}"`
  const { stdout } = spawnSync('bash', ['-c', script, process.execPath, launcher], {
    encoding: 'utf8',
  })
  expect(stdout).toBe(`${code}\n`)
})

test('a build that finds every step in the cache loads no engine, no network and no compression', () => {
  const cold = build()
  const cached = build()
  const heavy = ['http', 'https', 'tls', 'zlib', 'child_process', 'worker_threads']
  expect(heavy.filter((name) => cached.node.has(name))).toEqual([])
  const engine = 'function createEmbeddedEngine('
  expect([cold.ours.includes(engine), cached.ours.includes(engine)]).toEqual([true, false])
})
