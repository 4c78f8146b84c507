import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDockerfile } from '../dockerfile/index.ts'
import { applySafeFixes, checks, lintDockerfile, rules } from './index.ts'

const lint = (text: string): ReturnType<typeof lintDockerfile> =>
  lintDockerfile({ source: { name: 'Dockerfile', text }, ignore: null })

test('a file that does not parse gives its error and only what needs no scope', () => {
  const { findings, errors } = lint('FROM alpine:3.20 as Base\nCOPY $x\nENV a b\n')
  expect(errors.map(({ code }) => code)).toEqual(['MISSING_ARGUMENT'])
  expect(findings.map(({ rule }) => rule)).toEqual(['StageNameCasing', 'FromAsCasing'])
})

test('an expansion that fails is an error', () => {
  const { errors } = lint('FROM alpine:3.20\nENV a="b\n')
  expect(errors.map(({ code }) => code)).toEqual(['EXPANSION_FAILED'])
})

test('an unknown base image may define what it likes', () => {
  const text = 'FROM example.com/base:1\nENV APP_DIR=/app\nCOPY x $UNHEARD_OF\nCOPY y $APP_DRI\n'
  const found = lint(text).findings.filter(({ rule }) => rule === 'UndefinedVar')
  expect(found.map(({ message }) => message)).toEqual([
    "Usage of undefined variable '$APP_DRI' (did you mean $APP_DIR?)",
  ])
})

test('a stage inherits variables, SHELL and WORKDIR from the stage below', () => {
  const text =
    'FROM alpine:3.20 AS a\nARG X=1\nSHELL ["/bin/ash", "-c"]\nWORKDIR /srv\nFROM a\nCOPY $X /\nWORKDIR sub\nCMD sh\n'
  expect(lintDockerfile({ source: { name: 'Dockerfile', text }, rules: checks }).findings).toEqual(
    [],
  )
})

test('with a target only what it needs is judged', () => {
  const text = 'FROM alpine:3.20 AS a\nENV k v\nFROM alpine:3.20 AS b\nCMD ["sh"]\n'
  const source = { name: 'Dockerfile', text }
  expect(lintDockerfile({ source, target: 'b' }).findings).toEqual([])
  expect(lintDockerfile({ source, target: 'a' }).findings).toHaveLength(1)
  expect(lintDockerfile({ source }).findings).toHaveLength(1)
})

test('fixes that touch wait for the next round', () => {
  const text = 'from alpine:3.20 As Base\nRUN true\nRUN true\n'
  const first = applySafeFixes(text, lint(text).findings)
  const again = applySafeFixes(first.text, lint(first.text).findings)
  expect(again.text).toBe('FROM alpine:3.20 AS base\nRUN true\nRUN true\n')
})

// Lines that trip rules, so that random files reach the rules' own code.
const line = fc.oneof(
  fc.constantFrom(
    'FROM python:3.11 As Web',
    'FROM $x AS b',
    'from --platform=$TARGETPLATFORM b',
    'FROM --platform=linux/amd64 alpine',
    'ARG x=$y token',
    'ENV a $b \\',
    'ENV k="v" l=$m',
    'COPY --chown=$u . $d/',
    'COPY <<EOF $x/',
    'hello $z',
    'EOF',
    'RUN apt-get update && apt-get install gcc libpq-dev \\',
    'RUN pip install x; rm -rf /app; chown -R 1 /app',
    'RUN curl -O https://e.com/a.tar.gz | tar x a.tar.gz',
    'Workdir app',
    'EXPOSE 1:2/TCP $p',
    'HEALTHCHECK CMD curl x',
    'ONBUILD COPY $q .',
    'SHELL ["sh"]',
    '# check=skip=all',
    '# check=error=true;skip=UndefinedVar',
    '#',
    '',
    '  ',
    'CMD a b',
  ),
  fc.string({ maxLength: 20 }),
)

test('no file makes a rule throw, and every safe fix leaves the errors as they are', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
      const text = lines.join('\n').replaceAll(/^# check=(?!skip=all$|error=true).*$/gm, '#')
      const { findings, errors } = lint(text)
      for (const { range, lines: at } of findings) {
        expect(range.start).toBeLessThanOrEqual(range.end)
        expect(range.end).toBeLessThanOrEqual(text.length)
        expect(at.start).toBeLessThanOrEqual(at.end)
      }
      const fixed = applySafeFixes(text, findings)
      if (errors.length === 0)
        expect(
          parseDockerfile(fixed.text).diagnostics.filter((one) => one.severity === 'error'),
        ).toEqual([])
    }),
    { numRuns: 1500 },
  )
})

test('ids are of one shape', () => {
  for (const { id } of rules) expect(id).toMatch(/^[A-Z][A-Za-z]+$/)
})

test('files of ten thousand lines, and values that double, are no burden', () => {
  const lines = (make: (at: number) => string, count = 10_000): string =>
    `FROM alpine:3.20 AS s0\n${Array.from({ length: count }, (_, at) => make(at)).join('\n')}\n`
  expect(lint(lines((at) => `ENV A${at}=x$A${at - 1}`)).findings).toHaveLength(1)
  expect(
    lint(lines((at) => `FROM s${at} AS s${at + 1}\nENV A${at}=$A0`, 4000)).findings,
  ).toHaveLength(1)
  expect(lint(lines(() => 'ENV A=x$A$A', 60)).findings).toHaveLength(1)
  expect(lint(lines((at) => `RUN echo ${at}`)).findings).toEqual([])
})
