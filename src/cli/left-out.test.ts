import { expect, test } from 'vitest'
import { globalFlags } from './command.ts'
import { parseFlags } from './flags.ts'
import { leftOutCommand, leftOutCommands, leftOutFlag, leftOutFlags } from './left-out.ts'
import { commands } from './registry.ts'

test('what is said to be left out is not there, and what is not there is said with what to do instead', async () => {
  for (const name of leftOutCommands) {
    expect(Object.keys(commands)).not.toContain(name)
    expect(leftOutCommand(name)).toMatch(/\w/)
  }
  for (const [command, names] of leftOutFlags) {
    const { spec } = (await commands[command]?.())?.command ?? {}
    if (!spec) throw new Error(`there is no command ${command}`)
    const known = [...spec.flags, ...globalFlags].map(({ long }) => long)
    expect(names.filter((name) => known.includes(name))).toEqual([])
    for (const name of names)
      expect(() => parseFlags(spec, [`--${name}`])).toThrow(
        expect.objectContaining({ code: 'USAGE', hint: leftOutFlag(command, `--${name}`) }),
      )
  }
})

test('what nobody has is unknown', () => {
  expect([leftOutCommand('constructor'), leftOutFlag('run', '--constructor')]).toEqual([
    undefined,
    undefined,
  ])
})
