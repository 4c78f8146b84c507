import { expect, test } from 'vitest'
import { commands, overview } from './registry.ts'

/** Started by `run -d`, not by people. */
const hidden = ['monitor']

test('jettison --help lists every command, and none that is not there', () => {
  const listed = overview.flatMap(([name, text]) => [
    name,
    ...(/\(also: (.*)\)/.exec(text)?.[1]?.split(', ') ?? []),
  ])
  const words = Object.keys(commands).filter((name) => !name.includes(' '))
  expect(listed.filter((name) => !(name in commands))).toEqual([])
  expect(words.filter((name) => !listed.includes(name) && !hidden.includes(name))).toEqual([])
})
