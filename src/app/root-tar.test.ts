import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Event, silent } from '../base/index.ts'
import { makeRootTar } from './root-tar.ts'

let cache = ''

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'roots-'))
})

afterAll(() => {
  rmSync(cache, { recursive: true })
})

const packageLists = (): readonly string[] => readdirSync('/var/lib/apt/lists')

const slim = { suite: 'bookworm', variant: 'slim' } as const

test('a machine without mmdebstrap is told which package to install', async () => {
  const path = mkdtempSync(join(tmpdir(), 'path-'))
  for (const name of ['env', 'unshare']) symlinkSync(`/usr/bin/${name}`, join(path, name))
  vi.stubEnv('PATH', path)
  await expect(makeRootTar({ ...slim, cache, emit: silent })).rejects.toMatchObject({
    code: 'MMDEBSTRAP_MISSING',
    hint: expect.stringContaining('apt-get install'),
  })
  rmSync(path, { recursive: true })
  expect(readdirSync(cache)).toEqual([])
})

/** When mmdebstrap has mounts and processes of its own: dpkg starts in the new root. */
const midway = /installing essential packages/

test('an abort in the middle ends mmdebstrap and leaves nothing', async () => {
  const aborter = new AbortController()
  const outcomes: string[] = []
  let folder = ''
  const emit = (event: Event): void => {
    if (event.kind === 'step-output' && midway.test(Buffer.from(event.bytes).toString())) {
      folder ||= readdirSync(cache).join()
      aborter.abort(new Error('stopped here'))
    }
    if (event.kind === 'step-end') outcomes.push(event.outcome)
  }
  const made = makeRootTar({ ...slim, cache, emit, signal: aborter.signal })
  await expect(made).rejects.toThrow('stopped here')
  expect(outcomes).toEqual(['canceled'])
  expect(folder).not.toBe('')
  expect(readdirSync(cache)).toEqual([])
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(folder)
  expect(commandLines().filter((line) => line.includes(folder))).toEqual([])
})

function commandLines(): readonly string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
    } catch {
      // It ended in between.
      return []
    }
  })
}

test('a suite that no mirror has is a failure that says what mmdebstrap said', async () => {
  const made = makeRootTar({ suite: 'no-such-suite', variant: 'slim', cache, emit: silent })
  await expect(made).rejects.toMatchObject({
    code: 'ROOT_TAR_FAILED',
    message: expect.stringMatching(/ended with code \d+: .*no-such-suite/),
  })
  expect(readdirSync(cache)).toEqual([])
})

test('a slim root has what the official image has, leaves out what it leaves out, and is made once', async () => {
  const machine = packageLists()
  const tar = await makeRootTar({ ...slim, cache, emit: silent })
  const names = execFileSync('tar', ['-tf', tar], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((name) => name !== '')
  const under = (folder: string) => names.filter((name) => name.startsWith(`./${folder}/`)).slice(1)

  // The machine's own package lists are none of its business.
  expect(packageLists()).toEqual(machine)
  expect(names).toContain('./usr/bin/apt-get')
  expect(names).toContain('./usr/share/doc/bash/copyright')
  expect(names).toContain('./etc/apt/sources.list')
  expect(under('dev')).toEqual([])
  expect(under('usr/share/man')).toEqual([])
  expect(under('var/lib/apt/lists')).toEqual([])
  expect(under('var/cache/apt/archives').filter((name) => name.endsWith('.deb'))).toEqual([])
  expect(under('usr/share/doc').filter((name) => /changelog|README|NEWS/.test(name))).toEqual([])
  // The package that would merge /usr afterwards brings all of perl.
  expect(names.filter((name) => name.startsWith('./usr/share/perl/5'))).toEqual([])

  const { mtimeMs } = statSync(tar)
  expect(await makeRootTar({ ...slim, cache, emit: silent })).toBe(tar)
  expect(statSync(tar).mtimeMs).toBe(mtimeMs)
})
