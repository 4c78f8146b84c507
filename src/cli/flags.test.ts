import { expect, test } from 'vitest'
import { type CommandSpec, parseFlags } from './flags.ts'

const spec: CommandSpec = {
  ...{ name: 'build', usage: '[OPTIONS] PATH', summary: '', args: { min: 0, max: 9 } },
  flags: [
    { long: 'tag', short: 't', kind: 'list', help: '' },
    { long: 'rm', kind: 'bool', help: '' },
    { long: 'detach', short: 'd', kind: 'bool', help: '' },
  ],
}

test('flags are read as pflag reads them', () => {
  const flags = parseFlags(spec, [
    '-t',
    'a',
    '-tb',
    '-dt=c',
    '--tag=d',
    '--rm=false',
    'x',
    '--',
    '-y',
  ])
  expect(flags.list('tag')).toEqual(['a', 'b', 'c', 'd'])
  expect([flags.bool('rm'), flags.bool('detach')]).toEqual([false, true])
  expect(flags.positional).toEqual(['x', '-y'])
})

test.each([
  [['--tagg', 'a'], 'unknown flag: --tagg (did you mean --tag?)'],
  [['--nothing'], 'unknown flag: --nothing'],
  [['-dx'], 'unknown shorthand flag: -x in -dx'],
  [['--tag'], 'flag needs an argument: --tag'],
  [['--rm=perhaps'], 'invalid argument "perhaps" for --rm: it is true or false'],
])('%j is refused', (argv, message) => {
  expect(() => parseFlags(spec, argv)).toThrow(
    expect.objectContaining({ code: 'USAGE', kind: 'invalid', message }),
  )
})
