import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smallApp } from '../interchange/small-app.ts'
import { bundleChanges } from '../support/bases.ts'
import { type Cli, cliOn, leftovers, writeFiles } from '../support/jettison.ts'

let home: string
let cli: Cli
let close: () => Promise<void> = async () => {}

beforeAll(async () => {
  bundleChanges()
  // On a disk: overlay takes no upper directory on some tmpfs.
  home = mkdtempSync(join(homedir(), '.cache/jettison/copy-'))
  cli = cliOn(join(home, 'store'))
  close = async () => {
    await cli.run(['rm', '-f', 'running', 'ended'])
    rmSync(home, { recursive: true, force: true })
  }
  await smallApp(cli, home, 'small:1')
  const flags = ['-d', '--network', 'none', '--tmpfs', '/memory', '-v', 'data:/data']
  for (const name of ['running', 'ended'])
    await cli.ok(['run', '--name', name, ...flags, '-u', '0', 'small:1'])
  const inside = 'mkdir /outside && ln -s /outside /www/way && ln -s ../../../../../outside /www/up'
  for (const name of ['running', 'ended'])
    await cli.ok(['exec', name, 'sh', '-c', `${inside} && echo of ${name} > /www/mine`])
  await cli.ok(['stop', '-t', '0', 'ended'])
})

afterAll(() => close())

function folder(): string {
  return mkdtempSync(join(home, 'host-'))
}

describe.each(['running', 'ended'])('a container that is %s', (name) => {
  test('a file comes out and goes in, as the owner of the other side', async () => {
    const dir = folder()
    await cli.ok(['cp', `${name}:/www/mine`, dir])
    expect(readFileSync(join(dir, 'mine'), 'utf8')).toBe(`of ${name}\n`)
    writeFileSync(join(dir, 'mine'), 'changed')
    execFileSync('chown', ['1234:1234', join(dir, 'mine')])
    await cli.ok(['cp', join(dir, 'mine'), `${name}:/www/yours`])
    await cli.ok(['cp', '-a', join(dir, 'mine'), `${name}:/www/his`])
    await cli.ok(['cp', '-a', `${name}:/www/yours`, join(dir, 'back')])
    await cli.ok(['cp', '-a', `${name}:/www/his`, join(dir, 'his')])
    expect(readFileSync(join(dir, 'back'), 'utf8')).toBe('changed')
    expect([lstatSync(join(dir, 'back')).uid, lstatSync(join(dir, 'his')).uid]).toEqual([0, 1234])
  })

  test("directories by Docker's rules: into one that is there, as one that is not, what is in one", async () => {
    const dir = folder()
    writeFiles(dir, { 'tree/a': 'a', 'tree/deep/b': 'b' })
    symlinkSync('a', join(dir, 'tree/link'))
    execFileSync('ln', [join(dir, 'tree/a'), join(dir, 'tree/deep/twin')])
    await cli.ok(['cp', join(dir, 'tree'), `${name}:/www`])
    await cli.ok(['cp', join(dir, 'tree'), `${name}:/www/new`])
    await cli.ok(['cp', `${dir}/tree/.`, `${name}:/www/old`])
    for (const [from, to] of [
      ['/www/tree', 'one'],
      ['/www/new/.', 'two'],
      ['/www/old', 'three'],
    ] as const) {
      await cli.ok(['cp', `${name}:${from}`, join(dir, to)])
      expect(readFileSync(join(dir, to, 'deep/b'), 'utf8')).toBe('b')
      expect(lstatSync(join(dir, to, 'link')).isSymbolicLink()).toBe(true)
      expect(lstatSync(join(dir, to, 'a')).ino).toBe(lstatSync(join(dir, to, 'deep/twin')).ino)
    }
    expect(readFileSync(join(dir, 'three/new'), 'utf8')).toBe('new\n')
    const refused = [
      ['cp', join(dir, 'tree'), `${name}:/www/mine`],
      ['cp', join(dir, 'tree/a'), `${name}:/www/nowhere/`],
      ['cp', `${name}:/www/nowhere`, dir],
    ]
    for (const args of refused) {
      const { code, stderr } = await cli.run(args)
      expect([code, stderr]).toEqual([2, expect.stringContaining('code: COPY_FAILED')])
    }
  })

  test('a tar on standard output and input', async () => {
    const dir = folder()
    const jettison = join(import.meta.dirname, '../../bin/jettison')
    const root = ['--root', cli.store]
    const tar = execFileSync(jettison, ['cp', ...root, `${name}:/www/old`, '-'])
    const listed = execFileSync('tar', ['-t'], { input: tar }).toString().split('\n')
    expect(listed).toContain('old/new')
    execFileSync(jettison, ['cp', ...root, '-', `${name}:/outside`], { input: tar })
    await cli.ok(['cp', `${name}:/outside/old/new`, dir])
    expect(readFileSync(join(dir, 'new'), 'utf8')).toBe('new\n')
  })

  test('no link of a container leads out of it', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'file'), 'inside')
    for (const way of ['way', 'up']) {
      await cli.ok(['cp', join(dir, 'file'), `${name}:/www/${way}/${way}`])
      await cli.ok(['cp', `${name}:/outside/${way}`, join(dir, way)])
      expect(readFileSync(join(dir, way), 'utf8')).toBe('inside')
    }
    // The link itself, unless what it stands for is asked for.
    await cli.ok(['cp', `${name}:/www/way`, join(dir, 'link')])
    expect(lstatSync(join(dir, 'link')).isSymbolicLink()).toBe(true)
    await cli.ok(['cp', '-L', `${name}:/www/way`, join(dir, 'followed')])
    expect(lstatSync(join(dir, 'followed')).isDirectory()).toBe(true)
    // Out of a container the other way round: a link on our side is followed as everywhere on this machine.
    mkdirSync(join(dir, 'real'))
    symlinkSync('real', join(dir, 'alias'))
    await cli.ok(['cp', `${name}:/www/mine`, join(dir, 'alias')])
    expect(readFileSync(join(dir, 'real/mine'), 'utf8')).toBe(`of ${name}\n`)
  })
})

test('volumes and memory of a running container', async () => {
  const dir = folder()
  writeFileSync(join(dir, 'file'), 'kept')
  await cli.ok(['cp', join(dir, 'file'), 'running:/data'])
  await cli.ok(['cp', join(dir, 'file'), 'running:/memory/file'])
  expect(await cli.ok(['exec', 'running', 'cat', '/data/file', '/memory/file'])).toBe('keptkept')
})

test('top lists what runs in a container', async () => {
  const lines = (await cli.ok(['top', 'running'])).trim().split('\n')
  expect(lines[0]).toMatch(/^UID +PID +PPID +STIME +TTY +TIME +CMD/)
  expect(lines.slice(1).join()).toContain('/bin/busybox httpd -f -p 5000')
  const { code, stderr } = await cli.run(['top', 'ended'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('CONTAINER_NOT_RUNNING')])
})

test('nothing is left of it', async () => {
  await cli.ok(['rm', '-f', 'running', 'ended'])
  expect(leftovers(cli.store)).toEqual([])
})
