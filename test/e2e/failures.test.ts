import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { copyBases } from '../support/bases.ts'
import { type Cli, leftovers, type Ran, watch, writeFiles } from '../support/jettison.ts'

const base = 'debian:bookworm-slim'
let world: string
let jettison: Cli
let projects = 0

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-failures-'))
  jettison = await copyBases(join(world, 'store'), [base])
})

/** After every failure: nothing is left, the store is sound, and the next build works without repair. */
afterEach(async () => {
  expect(leftovers(jettison.store)).toEqual([])
  const folder = project({ Dockerfile: `FROM ${base}\nRUN echo works > /works\n` })
  await jettison.ok(['build', '--no-cache', folder])
  expect(await jettison.ok(['fsck'])).toMatch(/clean/)
})

afterAll(() => {
  rmSync(world, { recursive: true, force: true })
})

function project(files: Readonly<Record<string, string>>): string {
  projects += 1
  return writeFiles(join(world, `project-${projects}`), files)
}

function build(folder: string, ...flags: readonly string[]): Promise<Ran> {
  return jettison.run(['build', ...flags, '.'], { cwd: folder })
}

/** The error: everything from the line that says so to the code, which is the last line. */
function errorOf({ stdout, stderr }: Ran): string {
  expect(stdout).toBe('')
  const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
  expect(errors).toHaveLength(1)
  return stderr.slice(stderr.indexOf('error: '))
}

type Broken = {
  readonly what: string
  readonly lines: readonly string[]
  readonly exit: number
  /** Line of the Dockerfile that the error must point to. */
  readonly line: number
  readonly code: string
  readonly says: readonly (string | RegExp)[]
}

const broken: readonly Broken[] = [
  {
    what: 'a file that would delete its neighbour in whatever pulls the image',
    lines: [`FROM ${base}`, 'RUN touch /srv/.wh.a', 'RUN true'],
    exit: 1,
    line: 2,
    code: 'LAYER_NAME_RESERVED',
    says: ['/srv/.wh.a', '.dockerignore'],
  },
  {
    what: 'a path that is longer than the kernel takes',
    lines: [`FROM ${base}`, `COPY Dockerfile /${`${'x'.repeat(200)}/`.repeat(21)}`],
    exit: 2,
    line: 2,
    code: 'COPY_NAME_TOO_LONG',
    says: ['hint: ', '4096'],
  },
  {
    what: 'a name that is longer than the kernel takes',
    lines: [`FROM ${base}`, `COPY Dockerfile /srv/${'x'.repeat(256)}`],
    exit: 2,
    line: 2,
    code: 'COPY_NAME_TOO_LONG',
    says: ['hint: ', '255'],
  },
  {
    what: 'an unknown instruction is named with the one that was meant',
    lines: [`FROM ${base}`, 'RUN true', 'COPPY a b'],
    exit: 2,
    line: 3,
    code: 'UNKNOWN_INSTRUCTION',
    says: ['COPPY', 'did you mean COPY?', 'hint: '],
  },
  {
    what: 'a syntax error',
    lines: [`FROM ${base}`, 'COPY onlyone'],
    exit: 2,
    line: 2,
    code: 'MISSING_ARGUMENT',
    says: ['COPY requires at least two arguments', 'hint: '],
  },
  {
    what: 'a quote without end',
    lines: [`FROM ${base}`, '', 'LABEL a="b'],
    exit: 2,
    line: 3,
    code: 'EXPANSION_FAILED',
    says: ['double-quote'],
  },
  {
    what: 'nothing may stand before FROM',
    lines: ['RUN true'],
    exit: 2,
    line: 1,
    code: 'BEFORE_FROM',
    says: ['no build stage', 'hint: '],
  },
  {
    what: 'a COPY source that the context does not have',
    lines: [`FROM ${base}`, 'COPY app.py appp.py /app/'],
    exit: 2,
    line: 2,
    code: 'COPY_SOURCE_MISSING',
    says: ['"/appp.py": not found', 'hint: '],
  },
  {
    what: 'a COPY source that the stage does not have',
    lines: [`FROM ${base} AS builder`, `FROM ${base}`, 'COPY --from=builder /nothing /'],
    exit: 1,
    line: 3,
    code: 'COPY_SOURCE_MISSING',
    says: ['"/nothing": not found', 'hint: there is no such file in builder'],
  },
  {
    what: 'a stage that nobody has is looked for as an image',
    lines: [`FROM ${base}`, 'COPY --from=127.0.0.1:1/nobody /x /'],
    exit: 1,
    line: 2,
    code: 'BASE_NOT_FOUND',
    says: ['127.0.0.1:1/nobody'],
  },
  {
    what: 'a RUN that fails shows what it said',
    lines: [`FROM ${base}`, 'RUN echo this is why; \\', '    exit 3'],
    exit: 1,
    line: 2,
    code: 'RUN_FAILED',
    says: ['exit code: 3', '>>> RUN echo this is why', '>>>     exit 3'],
  },
  {
    what: 'a command that is not there has a hint',
    lines: [`FROM ${base}`, 'RUN gcc --version'],
    exit: 1,
    line: 2,
    code: 'RUN_FAILED',
    says: ['exit code: 127', /hint: .*not found/],
  },
  {
    what: 'a base in a registry that does not answer',
    lines: ['FROM 127.0.0.1:1/nothing:here', 'RUN true'],
    exit: 1,
    line: 1,
    code: 'BASE_NOT_FOUND',
    says: ['127.0.0.1:1/nothing:here', 'ECONNREFUSED'],
  },
]

for (const { what, lines, exit, line, code, says } of broken)
  test(what, async () => {
    const folder = project({ Dockerfile: `${lines.join('\n')}\n`, 'app.py': '' })
    const ran = await build(folder)
    const error = errorOf(ran)
    expect(error).toContain(`Dockerfile:${line}\n`)
    expect(error).toContain(`${line} | >>> ${lines[line - 1]}`)
    for (const words of says) expect(error).toMatch(words)
    expect(error.trimEnd().split('\n').at(-1)).toBe(`code: ${code}`)
    expect(ran.code).toBe(exit)
  })

test('what a failing RUN said is above the error', async () => {
  const folder = project({ Dockerfile: `FROM ${base}\nRUN echo out; echo err >&2; false\n` })
  const { stderr } = await build(folder)
  const above = stderr.slice(0, stderr.indexOf('error: '))
  expect(above).toMatch(/ out$/m)
  expect(above).toMatch(/ err$/m)
})

test('a RUN that fails stops the stage beside it, and is the one error', async () => {
  const meet = '--mount=type=cache,id=failing,target=/r'
  const folder = project({
    Dockerfile: `FROM ${base} AS slow
RUN ${meet} touch /r/slow && sleep 1000
FROM ${base} AS failing
RUN ${meet} until [ -e /r/slow ]; do sleep 0.05; done; exit 5
FROM ${base}
COPY --from=slow /etc/passwd /a
COPY --from=failing /etc/passwd /b
`,
  })
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  expect(errorOf(ran)).toContain('exit code: 5')
  expect(ran.stderr.slice(0, ran.stderr.indexOf('error: '))).toMatch(/^#\d+ CANCELED$/m)
})

test('a folder without Dockerfile', async () => {
  const ran = await build(project({ 'app.py': '' }))
  expect(ran.code).toBe(2)
  expect(errorOf(ran)).toMatch(/Dockerfile.*\nhint: .*-f FILE.*\ncode: DOCKERFILE_NOT_FOUND\n$/)
})

test('without a registry the hint names the stand-ins', async () => {
  const folder = project({ Dockerfile: 'FROM python:3.11\n' })
  const nowhere = { HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' }
  const ran = await jettison.run(['build', folder], {
    env: { ...nowhere, NO_PROXY: '', no_proxy: '' },
  })
  expect(ran.code).toBe(1)
  expect(errorOf(ran)).toMatch(/hint: .*--bases stand-in/)
})

test('slim stops where the fat build stops', async () => {
  const folder = project({ Dockerfile: `FROM ${base}\nRUN exit 9\n` })
  const ran = await jettison.run(['slim', folder])
  expect(ran.code).toBe(1)
  expect(errorOf(ran)).toContain('exit code: 9')
})

for (const [name, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  test(`${name} in the middle of a RUN`, async () => {
    const script = 'echo half > /half; echo started; sleep 1000 & wait'
    const folder = project({ Dockerfile: `FROM ${base}\nRUN ${script}\n` })
    const started = jettison.start(['build', folder])
    await started.until(/ started$/m)
    started.child.kill(name)
    const ran = await started.ended
    expect(ran.code).toBe(exit)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).not.toMatch(/error:|internal/)
  })

test('Ctrl-C of a terminal reaches the whole process group', async () => {
  const folder = project({ Dockerfile: `FROM ${base}\nRUN echo started; sleep 1000\n` })
  const started = jettison.start(['build', folder], { ownGroup: true })
  await started.until(/ started$/m)
  process.kill(-(started.child.pid ?? 0), 'SIGINT')
  expect((await started.ended).code).toBe(130)
})

test('a build that is killed leaves no mount and no process, and the next one cleans up', async () => {
  const folder = project({ Dockerfile: `FROM ${base}\nRUN echo started; sleep 1000\n` })
  const started = jettison.start(['build', folder])
  await started.until(/ started$/m)
  started.child.kill('SIGKILL')
  await started.ended
  const alive = (): readonly string[] =>
    leftovers(jettison.store).filter((line) => /^(?:mount|process)/.test(line))
  // What the kernel kills with it ends soon, and not at once.
  for (let tries = 0; tries < 100 && alive().length > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(alive()).toEqual([])
  await jettison.ok(['prune'])
})

test('a full disk', async () => {
  const big = 250_000_000
  const folder = project({
    Dockerfile: `FROM ${base}\nRUN head -c ${big} /dev/zero > /big\n`,
    'copy.Dockerfile': `FROM ${base}\nCOPY big /big\n`,
    'small.Dockerfile': `FROM ${base}\nRUN echo small > /small\n`,
  })
  execFileSync('truncate', ['-s', String(big), join(folder, 'big')])
  const bases = join(world, 'full.tar')
  await jettison.ok(['save', '-o', bases, base])
  const program = join(import.meta.dirname, '../../bin/jettison')
  // The small disk is a mount of a namespace of its own: gone with the shell, whatever happens.
  const script = `
set -e
mkdir ${world}/disk
mount -t tmpfs -o size=300m tmpfs ${world}/disk
export JETTISON_HOME=${world}/disk/store
${program} load -q -i ${bases}
ask() { echo "== $1"; shift; code=0; "$@" 2>&1 || code=$?; echo "exit $code"; }
ask run ${program} build ${folder}
ask copy ${program} build -f ${folder}/copy.Dockerfile ${folder}
ask small ${program} build -q -f ${folder}/small.Dockerfile ${folder}
ask fsck ${program} fsck
ask left find $JETTISON_HOME/drafts $JETTISON_HOME/tmp $JETTISON_HOME/work -type f
`
  const shell = watch(
    spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  const { stdout, stderr, code } = await shell.ended
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const part = Object.fromEntries(
    stdout
      .split(/^== /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]),
  )
  expect(part['run']).toMatch(/No space left on device/)
  expect(part['run']).toMatch(/hint: .*(?:space|full|prune)/)
  expect(part['run']).toMatch(/exit 1$/m)
  expect(part['copy']).toMatch(/error: .*(?:no space|full)/i)
  expect(part['copy']).toMatch(/hint: .*prune/)
  expect(part['copy']).toMatch(/exit 1$/m)
  expect(part['small']).toMatch(/exit 0$/m)
  expect(part['fsck']).toBe('clean\nexit 0\n')
  expect(part['left']).toBe('exit 0\n')
})
