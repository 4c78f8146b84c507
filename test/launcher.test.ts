import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''

/** A package of its own with the real launcher and a program that tells what it was started with. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launcher '))
  mkdirSync(join(folder, 'bin'))
  for (const name of ['jettison', 'start.cjs'])
    cpSync(join(import.meta.dirname, '../bin', name), join(folder, 'bin', name))
  mkdirSync(join(folder, 'dist/cli'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(folder, 'dist/cli/main.cjs'),
    `(function (exports) { exports.main = async (args) => {
  const { NODE_EXTRA_CA_CERTS: node, JETTISON_EXTRA_CA: ours } = process.env
  console.log(JSON.stringify({ args, node, ours }))
  return 3
} })`,
  )
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** `node` must be on PATH, and nothing else of this process's environment matters. */
const path = `${dirname(process.execPath)}:/usr/bin:/bin`

function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return spawnSync(command, args, { env: { PATH: path, ...env }, encoding: 'utf8', cwd: folder })
}

test('arguments and the exit code pass through unchanged', () => {
  const { stdout, status } = start(join(folder, 'bin/jettison'), [
    'run',
    'a b',
    '',
    '*',
    '--',
    '-x',
  ])
  expect(JSON.parse(stdout)).toEqual({ args: ['run', 'a b', '', '*', '--', '-x'] })
  expect(status).toBe(3)
})

test('the certificate bundle is handed over in a variable that Node does not read', () => {
  const bundle = join(folder, 'package.json')
  const { stdout } = start(join(folder, 'bin/jettison'), [], { NODE_EXTRA_CA_CERTS: bundle })
  expect(JSON.parse(stdout)).toEqual({ args: [], ours: bundle })
})

test.each([
  ['an absolute link', (target: string) => symlinkSync(target, join(folder, 'link'))],
  ['a relative link', () => symlinkSync('bin/jettison', join(folder, 'link'))],
  [
    'a link to a link in another folder',
    (target: string) => {
      mkdirSync(join(folder, 'other'))
      symlinkSync(target, join(folder, 'other/jettison'))
      symlinkSync('other/jettison', join(folder, 'link'))
    },
  ],
])('%s finds the package', (_, link) => {
  link(join(folder, 'bin/jettison'))
  const { stdout, stderr } = start(join(folder, 'link'), ['version'])
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ args: ['version'] })
})

test('code that V8 made of another file is not run', () => {
  const main = join(folder, 'dist/cli/main.cjs')
  const keep = `const { keepCode, start } = require('./bin/start.cjs'); start(['x']).then(keepCode)`
  expect(start(process.execPath, ['-e', keep]).status).toBe(3)
  expect(existsSync(`${main}.code`)).toBe(true)
  expect(start(join(folder, 'bin/jettison'), ['y']).stdout).toBe('{"args":["y"]}\n')
  writeFileSync(main, '(function (exports) { exports.main = async () => 7 })')
  expect(start(join(folder, 'bin/jettison'), ['y']).status).toBe(7)
  writeFileSync(`${main}.code`, 'torn')
  expect(start(join(folder, 'bin/jettison'), ['y']).status).toBe(7)
})

test('it is found on PATH', () => {
  const PATH = `${join(folder, 'bin')}:${path}`
  const { stdout } = start('sh', ['-c', 'jettison version'], { PATH })
  expect(JSON.parse(stdout)).toEqual({ args: ['version'] })
})

test('a clone that was not built says what to do', () => {
  rmSync(join(folder, 'dist'), { recursive: true })
  const { stdout, stderr, status } = start(join(folder, 'bin/jettison'), ['version'])
  expect({ stdout, status }).toEqual({ stdout: '', status: 4 })
  expect(stderr).toContain('npm run build')
})
