import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleChanges } from '../support/bases.ts'
import { type Cli, cliOn, type Ran, watch, writeFiles } from '../support/jettison.ts'

const program = join(import.meta.dirname, '../../bin/jettison')
let world: string
let jettison: Cli

/** Many enough files that the layer has a listing, and no base, so that it is quick. */
beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-read-only-'))
  bundleChanges()
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`files/${at}`, `${at}`]))
  const context = writeFiles(join(world, 'context'), {
    ...files,
    Dockerfile: 'FROM scratch\nCOPY files /files\nCMD ["/files/0"]\n',
  })
  jettison = cliOn(join(world, 'store'))
  await jettison.ok(['build', '-t', 'app', context])
})

afterAll(() => {
  rmSync(world, { recursive: true, force: true })
})

/** The command in a mount namespace of its own, in which the store is read-only. */
function readOnly([name = '', ...args]: readonly string[]): Promise<Ran> {
  const { store } = jettison
  const mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
  const command = [program, name, '--root', store, ...args]
  return watch(spawn('unshare', ['-m', 'sh', '-c', mount, store, ...command], { cwd: world })).ended
}

const looking: readonly (readonly string[])[] = [
  ['images', '--no-trunc', '--format', '{{.ID}} {{.Size}}'],
  ['history', '--no-trunc', '--format', '{{.CreatedBy}} {{.Size}}', 'app'],
  ['inspect', 'app'],
  ['analyze', 'app', '--json'],
  ['compare', 'app', 'app'],
  ['explain', '/files/7', '--in', 'app'],
  ['ps', '-a'],
  ['fsck'],
]

test.each(looking)('%s says the same of a store that cannot be written', async (...args) => {
  const { code, stdout, stderr } = await readOnly(args)
  expect({ code, stdout, stderr }).toEqual({ ...(await jettison.run(args)), stderr })
  expect(code, stderr).toBe(0)
})

test('save writes the same archive', async () => {
  const file = (name: string): string => join(world, name)
  expect((await readOnly(['save', '-o', file('read-only.tar'), 'app'])).stderr).not.toMatch(/error/)
  await jettison.ok(['save', '-o', file('usual.tar'), 'app'])
  expect(readFileSync(file('read-only.tar')).equals(readFileSync(file('usual.tar')))).toBe(true)
})

const writing: readonly (readonly string[])[] = [
  ['tag', 'app', 'other'],
  ['rmi', 'app'],
  ['build', '--no-cache', '-t', 'other', 'context'],
  ['run', 'app'],
  ['load', '-i', 'usual.tar'],
  ['prune'],
]

test.each(writing)('%s says that the store is read-only', async (...args) => {
  const before = everything(jettison.store)
  const { stderr } = await readOnly(args)
  expect(stderr).toMatch(/^code: STORE_READ_ONLY$/m)
  expect(everything(jettison.store)).toEqual(before)
})

function everything(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort()
}
