import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeWithBases } from './support/bases.ts'
import { type Cli, lasting, writeFiles } from './support/jettison.ts'
import { openScreen } from './support/screen.ts'
import { openTerminal } from './support/terminal.ts'

const program = join(import.meta.dirname, '../bin/jettison')
const base = 'debian:bookworm-slim'
let folder = ''
let cli: Cli

beforeAll(() => {
  cli = storeWithBases([base])
  folder = mkdtempSync(join(tmpdir(), 'terminal-'))
  const twoStages = (last: string): string =>
    [
      `FROM ${base} AS builder`,
      `RUN echo ${process.pid}; printf '1%%\\r99%%\\n'; head -c 1000000 /dev/zero > /big`,
      `FROM ${base} AS runtime`,
      'COPY --from=builder /big /srv/a/rather/deep/folder/so/that/the/line/is/longer/than/a/terminal/big',
      last,
      '',
    ].join('\n')
  writeFiles(folder, {
    'good/Dockerfile': twoStages('RUN echo fine'),
    'bad/Dockerfile': twoStages('RUN echo 文字; echo why; exit 3'),
    'long/Dockerfile': `FROM ${base}\nRUN echo begun; sleep 1000\n`,
  })
})

afterAll(() => rmSync(folder, { recursive: true }))

/** What somebody sees who types it in a terminal of so many columns. */
async function typed(
  columns: number,
  command: string,
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const terminal = openTerminal(onTerminal(columns, command))
  const code = await terminal.ended
  return { code, lines: linesOf(terminal.screen(), columns) }
}

function onTerminal(columns: number, command: string): string {
  const settings = `NO_COLOR=1 LC_ALL=C.UTF-8 TERM=xterm JETTISON_HOME=${cli.store}`
  return `stty cols ${columns} rows 40; cd ${folder}; exec env ${settings} ${program} ${command}`
}

function linesOf(written: string, columns: number): readonly string[] {
  const screen = openScreen(columns, 40)
  screen.write(written)
  return screen.lines()
}

describe.each([60, 120])('on a terminal of %i columns', (columns) => {
  test('a build leaves a line a stage, the last stage with its steps, sums and the image', async () => {
    const { code, lines } = await typed(columns, 'build --no-cache good')
    expect(code).toBe(0)
    const from = lines.findIndex((line) => line.startsWith('✔ builder'))
    const shown = lines.slice(from).map((line) => line.replace(/ {2,}/g, '  '))
    expect(shown).toEqual([
      expect.stringMatching(/^✔ builder {2}debian:bookworm-slim {2}2 steps {2}\d+\.\ds {2}1MB$/),
      'runtime  debian:bookworm-slim',
      expect.stringMatching(/^ {2}✔ 1\/3 FROM debian:bookworm-slim {2}\d+\.\ds {2}[\d.]+MB$/),
      expect.stringMatching(/^ {2}✔ 2\/3 COPY --from=builder .* {2}\d+\.\ds {2}1MB$/),
      expect.stringMatching(/^ {2}✔ 3\/3 RUN echo fine {2}\d+\.\ds {2}0B$/),
      expect.stringMatching(/^ {2}5\/5 steps · 2MB {2}\d+\.\ds$/),
      ...(columns > 71
        ? [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]
        : [expect.any(String), expect.any(String)]),
    ])
    const sized = lines.slice(from).filter((line) => line.endsWith('MB'))
    expect(new Set(sized.map((line) => line.length))).toEqual(new Set([sized[0]?.length]))
  })

  test('a build that fails ends with its log, its place and its code', async () => {
    const { code, lines } = await typed(columns, 'build bad')
    expect(code).toBe(1)
    const failed = lines.findIndex((line) => /^ {2}✖ 3\/3 .* failed$/.test(line))
    expect(lines.slice(failed + 1, failed + 3)).toEqual(['    │ 文字', '    │ why'])
    expect(lines.some((line) => line.startsWith('   5 | >>> RUN echo 文字'))).toBe(true)
    expect(lines.at(-1)).toBe('code: RUN_FAILED (jettison explain RUN_FAILED says more)')
  })
})

test('Ctrl-C in the middle of a build: what ran is marked, nothing of it stays', async () => {
  const terminal = openTerminal(onTerminal(80, 'build long'))
  await terminal.shows(/│ begun/)
  terminal.type('\u0003')
  expect(await terminal.ended).toBe(130)
  const lines = linesOf(terminal.screen(), 80)
  expect(lines.find((line) => line.includes('RUN echo begun'))).toMatch(/^– 2\/2 .* canceled$/)
  expect(terminal.screen()).not.toContain('[?25l')
  const wrapping = terminal.screen().match(/\[\?7[hl]/g) ?? []
  expect(wrapping.at(-1)).toBe('[?7h')
  expect(await lasting(cli.store)).toEqual([])
})

test('the result goes to stdout, whatever stderr is, and progress as JSON is what its schema says', async () => {
  const args = ['build', '--no-cache', join(folder, 'good')]
  const ran = await cli.run([...args, '--progress', 'json'])
  expect([ran.code, ran.stdout]).toEqual([0, expect.stringMatching(/^sha256:[0-9a-f]{64}\n$/)])
  const schema = readFileSync(join(import.meta.dirname, '../schemas/events-1.json'), 'utf8')
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(schema))
  const events = ran.stderr.trimEnd().split('\n')
  const kinds = events.map((line) => {
    const event = JSON.parse(line) as { readonly kind: string }
    expect([validate(event), validate.errors, event]).toEqual([true, null, event])
    return event.kind
  })
  expect(kinds).toEqual(
    expect.arrayContaining(['stages', 'step-start', 'step-output', 'step-end', 'notice']),
  )
})

test('quiet is the image and nothing else; of a failure it is the log and the error', async () => {
  const good = await cli.run(['build', '-q', join(folder, 'good')])
  expect(good).toMatchObject({ code: 0, stderr: '' })
  const bad = await cli.run(['build', '-q', join(folder, 'bad')])
  expect(bad).toMatchObject({ code: 1, stdout: '' })
  expect(bad.stderr).toMatch(/^\[runtime 3\/3\] RUN .*\n文字\nwhy\nerror: /)
})

test('history --bytes and images --bytes say more, in as many columns as the terminal has room for', async () => {
  const tag = `terminal-${process.pid}:1`
  await cli.ok(['build', '-t', tag, 'good'], { cwd: folder })
  try {
    const wide = await typed(140, `history --bytes ${tag}`)
    const rows = wide.lines.map((line) => line.trim().split(/ {3,}/))
    expect(rows[0]).toEqual(['LAYER', 'SIZE', 'LIVE', 'HIDDEN', 'LINE', 'MOST', 'CREATED BY'])
    const places = rows.slice(1, -1).map((row) => row[4])
    expect(places).toEqual(['good/Dockerfile:5', 'good/Dockerfile:4', 'base'])
    const { lines } = await typed(60, `images --bytes ${tag}`)
    expect(lines[0]?.split(/ {3,}/)).toEqual(['IMAGE', 'PLATFORM', 'SIZE', 'SHARED', 'BALLAST'])
    expect(lines.every((line) => line.length <= 60)).toBe(true)
    const [image] = JSON.parse(await cli.ok(['images', '--bytes', '--json', tag])) as [
      { readonly size: number; readonly shared: number; readonly used: boolean },
    ]
    expect(image.shared).toBeGreaterThan(image.size / 2)
    expect(image.used).toBe(false)
  } finally {
    await cli.ok(['rmi', tag])
  }
})
