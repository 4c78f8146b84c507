import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { positionAt } from '../src/base/index.ts'
import { parseDockerfile, type RunInstruction, runBody } from '../src/dockerfile/index.ts'
import { packageCommands, parseShell, type ShellCommand } from '../src/shell/index.ts'

const folder = join(import.meta.dirname, 'golden/shell')
const text = readFileSync(join(folder, 'bodies.Dockerfile'), 'utf8')
const { value: dockerfile } = parseDockerfile(text)
const runs = dockerfile.instructions.filter((item): item is RunInstruction => item.kind === 'run')

function line(command: ShellCommand): string {
  const words = command.words.map(({ text: word, value, glob }) =>
    value === null ? `$${JSON.stringify(word)}` : `${glob ? '*' : ''}${JSON.stringify(value)}`,
  )
  const extra = [
    ...command.assignments.map(({ name, value }) => `${name}=${JSON.stringify(value)}`),
    ...command.redirects.map(
      ({ operator, target, heredoc }) => `${operator} ${JSON.stringify(target?.text ?? heredoc)}`,
    ),
  ]
  const marks = `${command.negated ? '! ' : ''}${command.exact ? '' : '~ '}`
  const place = `${command.within.join('/')}${command.within.length > 0 ? ' ' : ''}`
  const tail = extra.length > 0 ? `   {${extra.join(' ')}}` : ''
  return `  ${command.operator.padEnd(5)} ${place}${marks}${words.join(' ')}${tail}`
}

function describeRun(instruction: RunInstruction): string {
  const head = `line ${positionAt(text, instruction.range.start).line}`
  const body = runBody(dockerfile, instruction)
  if (body === null) return `${head}: no shell`
  const script = parseShell(body.text, body)
  const calls = packageCommands(script).map((call) => {
    const names = call.packages.map(({ name, version }) =>
      version ? `${name} @ ${version}` : name,
    )
    const lists = call.lists.map(({ option, file }) => `${option} ${file.value}`)
    const unknown = call.dynamic.map((word) => `$${word.text}`)
    return `  = ${call.manager} (${call.tool}) ${call.action}: ${[...names, ...lists, ...unknown].join(', ')}`
  })
  const problems = script.diagnostics.map(({ message }) => `  ? ${message}`)
  return [head, ...script.commands.map(line), ...calls, ...problems].join('\n')
}

test('commands and package calls of hard bodies', async () => {
  const actual = `${runs.map(describeRun).join('\n\n')}\n`
  await expect(actual).toMatchFileSnapshot(join(folder, 'bodies.txt'))
})

test('offsets of a body are offsets of the file', () => {
  let words = 0
  for (const instruction of runs) {
    const body = runBody(dockerfile, instruction)
    if (!body) continue
    for (const command of parseShell(body.text, body).commands) {
      if (!command.exact) continue
      for (const { text: word, range } of command.words) {
        const written = text.slice(body.offset + range.start, body.offset + range.end)
        // Continuations inside a word are filler of the same length in the body.
        expect(word.length).toBe(written.length)
        if (!written.includes('\n')) expect(word).toBe(written)
        words += 1
      }
      const { operator, operatorRange } = command
      if (operatorRange && operator !== ';')
        expect(text.slice(body.offset + operatorRange.start, body.offset + operatorRange.end)).toBe(
          operator,
        )
    }
  }
  expect(words).toBeGreaterThan(runs.length)
})
