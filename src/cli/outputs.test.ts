import { expect, test } from 'vitest'
import { command } from './commands/build.ts'
import { parseFlags } from './flags.ts'
import { outputsOf } from './outputs.ts'

const outputs = (...args: readonly string[]): ReturnType<typeof outputsOf> =>
  outputsOf(parseFlags(command.spec, [...args, '.']))

test('--annotation is in every manifest that is made', () => {
  const annotations = { a: '1', 'b:c': 'x=y' }
  const given = ['--annotation', 'a=1', '--annotation', 'manifest:b:c=x=y']
  expect(outputs(...given, '--push', '-o', 'type=oci,dest=x.tar,annotation.a=0')).toMatchObject([
    { type: 'archive', annotations },
    { type: 'registry', annotations },
  ])
})

test.each([
  [['--annotation', 'a=1']],
  [['--annotation', 'a=1', '-o', 'out']],
  [['--annotation', 'a=1', '--load']],
  [['--annotation', 'a', '--push']],
  [['--annotation', 'index:a=1', '--push']],
  [['--annotation', 'index-descriptor[linux/amd64]:a=1', '--push']],
  [['--annotation', '=1', '--push']],
])('%j is refused', (args) => {
  expect(() => outputs(...args)).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: expect.any(String) }),
  )
})
