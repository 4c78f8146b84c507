import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cli, cliOn, leftovers, writeFiles } from '../support/jettison.ts'

const program = join(import.meta.dirname, '../../bin/jettison')
let world: string
let jettison: Cli

beforeAll(() => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-stdin-'))
  jettison = cliOn(join(world, 'store'))
})

afterAll(() => {
  const left = leftovers(jettison.store)
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

/** Exit code and stderr of a build that is given this on standard input. */
function build(input: string | Buffer, ...args: readonly string[]) {
  const words = [`JETTISON_HOME=${jettison.store}`, 'NO_COLOR=1', program, 'build', ...args]
  const { status, stderr } = spawnSync('env', words, { input, encoding: 'utf8' })
  return { status, stderr }
}

test('-f - has the Dockerfile on standard input and the context in the folder', () => {
  const folder = writeFiles(join(world, 'app'), { here: 'x', Dockerfile: 'FROM nowhere\n' })
  expect(build('FROM scratch\nCOPY here /\n', '-f', '-', folder)).toMatchObject({ status: 0 })
})

test('a single - has no context at all', () => {
  expect(build('FROM scratch\nWORKDIR /x\n', '-')).toMatchObject({ status: 0 })
  const { status, stderr } = build('FROM scratch\nCOPY package.json /\n', '-')
  expect(status).toBe(2)
  expect(stderr).toContain('Dockerfile (stdin):2')
})

test('an archive on standard input is the context, whatever its compression', () => {
  const folder = writeFiles(join(world, 'tarred'), {
    here: 'x',
    Dockerfile: 'FROM scratch\nCOPY here /\n',
    'other/Dockerfile': 'FROM scratch\nCOPY nowhere /\n',
    '.dockerignore': 'here\n',
  })
  for (const compression of ['--no-auto-compress', '--gzip', '--bzip2', '--xz', '--zstd']) {
    const archive = execFileSync('tar', ['-c', compression, '-C', folder, '.'])
    expect(build(archive, '-')).toMatchObject({ status: 0 })
    const other = build(archive, '-f', 'other/Dockerfile', '-')
    expect(other).toMatchObject({ status: 2 })
    expect(other.stderr).toContain('other/Dockerfile:2')
    expect(build(archive, '-f', 'none', '-').stderr).toContain('code: DOCKERFILE_NOT_FOUND')
    const file = join(world, 'context.tar')
    writeFileSync(file, archive)
    expect(build('', file)).toMatchObject({ status: 0 })
  }
})

test('what is no archive and no Dockerfile is refused', () => {
  for (const archive of [Buffer.alloc(1024), Buffer.from([0x1f, 0x8b, 8, 1])]) {
    const { status, stderr } = build(archive, '-')
    expect({ status, stderr }).toMatchObject({ status: 2 })
    expect(stderr).toContain('code: CONTEXT_INVALID')
  }
  expect(build('FROM scratch\n', '-f', 'x', '-').stderr).toContain('ambiguous Dockerfile source')
  expect(build('FROM scratch\n', '-f', '-', '-').status).toBe(2)
})

test('context: every file is either in it or kept out by one line', async () => {
  const files = { 'a.log': 'abc', 'big/x': 'x'.repeat(1000), 'big/keep': 'k', src: 'source' }
  const folder = writeFiles(join(world, 'context'), {
    ...files,
    '.dockerignore': '# c\n*.log\nbig\n!big/keep\n',
  })
  const account = JSON.parse(await jettison.ok(['context', '--json', folder]))
  expect(account.included).toMatchObject({ files: 3 })
  expect(account.excluded).toEqual([
    { line: 2, pattern: '*.log', files: 1, bytes: files['a.log'].length },
    { line: 3, pattern: 'big', files: 1, bytes: files['big/x'].length },
    { line: 4, pattern: '!big/keep', files: 0, bytes: 0 },
  ])
  expect(await jettison.ok(['context', folder])).toMatch(/LINE +PATTERN\n1 +3B +2 +\*\.log\n/)
})

test('an image of an OCI layout on disk is a base, by tag, by digest, or alone', async () => {
  const image = writeFiles(join(world, 'image'), {
    Dockerfile: 'FROM scratch\nWORKDIR /made\nENV A=b\n',
  })
  const layout = join(world, 'layout')
  await jettison.ok(['build', '-t', 'one:1.0', '-o', `type=oci,tar=false,dest=${layout}`, image])
  const folder = writeFiles(join(world, 'on-layout'), { Dockerfile: 'FROM base\nLABEL x=y\n' })
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'))
  for (const [at, suffix] of ['', ':1.0', `@${manifests[0].digest}`].entries()) {
    const context = `base=oci-layout://${layout}${suffix}`
    await jettison.ok(['build', '-t', `on:${at}`, '--build-context', context, folder])
    const [shown] = JSON.parse(await jettison.ok(['inspect', `on:${at}`]))
    expect(shown.Config).toMatchObject({ WorkingDir: '/made', Labels: { x: 'y' } })
    expect(shown.Config.Env).toContain('A=b')
  }
  const wrong = ['build', '--build-context', `base=oci-layout://${layout}:2.0`, folder]
  const { code, stderr } = await jettison.run(wrong)
  expect(code).toBe(2)
  expect(stderr).toContain('code: LAYOUT_INVALID')
  const blob = join(layout, 'blobs/sha256', manifests[0].digest.slice('sha256:'.length))
  writeFileSync(blob, `${readFileSync(blob, 'utf8')} `)
  expect((await jettison.run(wrong.with(2, `base=oci-layout://${layout}`))).stderr).toContain(
    'code: DIGEST_MISMATCH',
  )
})
