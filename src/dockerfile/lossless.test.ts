// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile variables look like templates
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseShell } from '../shell/index.ts'
import { applyEdits, printDockerfile } from './edits.ts'
import { parseDockerfile } from './parse.ts'
import { runBody } from './run-body.ts'

const piece = fc.constantFrom(
  ...[
    'FROM a AS b',
    'RUN ',
    'COPY --from=b ',
    'ENV a=b c',
    'ONBUILD ',
    'HEALTHCHECK CMD ',
    '# escape=`',
  ],
  ...[
    '<<EOF',
    '<<-"X Y"',
    'EOF',
    '\\',
    '`',
    '\n',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '#',
    '"',
    "'",
    '[',
    ']',
    ',',
  ],
  ...[
    '["a", "b"]',
    '--x=y',
    '${a:-b}',
    '$',
    '\ufeff',
    '\u00a0',
    'é👽',
    '\ud800',
    '&&',
    '\0',
    '__proto__',
    'constructor',
    ' --',
  ],
)
const dockerfile = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

function holds(text: string): void {
  const { value, diagnostics } = parseDockerfile(text)
  expect(printDockerfile(value)).toBe(text)
  let end = 0
  for (const instruction of value.instructions) {
    // In order, apart, inside the text, and starting with the keyword.
    expect(instruction.range.start).toBeGreaterThanOrEqual(end)
    expect(instruction.range.end).toBeGreaterThanOrEqual(instruction.range.start)
    end = instruction.range.end
    for (const { range } of [...instruction.flags, ...instruction.heredocs]) {
      expect(range.start).toBeGreaterThanOrEqual(instruction.range.start)
      expect(range.end).toBeLessThanOrEqual(instruction.range.end)
    }
    if (instruction.kind !== 'run') continue
    const body = runBody(value, instruction)
    if (!body) continue
    expect(body.offset + body.text.length).toBeLessThanOrEqual(instruction.range.end)
    parseShell(body.text, body)
  }
  expect(end).toBeLessThanOrEqual(text.length)
  for (const { range } of diagnostics) {
    expect(range.start).toBeGreaterThanOrEqual(0)
    expect(range.end).toBeLessThanOrEqual(text.length)
    expect(range.end).toBeGreaterThanOrEqual(range.start)
  }
}

test('any text parses and prints as it was', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), holds))
  fc.assert(fc.property(dockerfile, holds), { numRuns: 1000 })
})

test('real Dockerfiles with pieces cut out and put in', () => {
  const folder = join(import.meta.dirname, '../../examples')
  const names = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /Dockerfile$/.test(name),
      )
    : []
  const golden = join(import.meta.dirname, '../../test/golden/shell/bodies.Dockerfile')
  const texts = [golden, ...names.map((name) => join(folder, name))].map((path) =>
    readFileSync(path, 'utf8'),
  )
  const cut = fc.tuple(fc.nat(), fc.nat(30), piece)
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(cut, { maxLength: 5 }), (text, cuts) => {
      holds(
        cuts.reduce((now, [where, length, put]) => {
          const start = where % (now.length + 1)
          return applyEdits(now, [
            { range: { start, end: Math.min(now.length, start + length) }, text: put },
          ])
        }, text),
      )
    }),
    { numRuns: 300 },
  )
})

test('long files are no trouble', () => {
  const many = `FROM a\n${'RUN apt-get install -y x \\\n  # why\n  y\n'.repeat(4000)}`
  expect(parseDockerfile(many).value.instructions.length).toBe(4001)
  const deep = `FROM a\nRUN a${' \\\n b'.repeat(20_000)}`
  expect(parseDockerfile(deep).value.instructions[1]?.rest.length).toBe(1 + 3 * 20_000)
  const open = `FROM a\n${'RUN <<EOF\n'.repeat(20_000)}`
  expect(parseDockerfile(open).value.instructions.length).toBe(2)
})
