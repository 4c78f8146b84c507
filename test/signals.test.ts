import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leftovers, watch } from './support/jettison.ts'
import { tarOf } from './support/temp-store.ts'

const program = join(import.meta.dirname, '../bin/jettison')
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signals-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('Ctrl-C ends a command that waits for more of its standard input, and nothing of it stays', async () => {
  const store = join(folder, 'store')
  const { child, ended } = watch(spawn('env', [`JETTISON_HOME=${store}`, program, 'load']))
  child.stdin?.write(tarOf([{ name: 'layer', body: 'x'.repeat(1000) }]).subarray(0, 1000))
  const temporary = join(store, 'tmp')
  while (!existsSync(temporary) || readdirSync(temporary).length === 0) await sleep(10)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, stderr: '' })
  expect(leftovers(store)).toEqual([])
})
