import { expect, test } from 'vitest'
import { parseDockerfile } from './parse.ts'
import { stagesOf } from './stages.ts'

test('global ARGs, names in lower case, ranges from FROM to the last instruction', () => {
  const text = 'ARG V=1\nARG W\nFROM a:$V AS Base\nARG V\nRUN x\n\n# between\nFROM base\n'
  const { globalArgs, stages } = stagesOf(parseDockerfile(text).value)
  expect(globalArgs.flatMap(({ pairs }) => pairs.map(({ key }) => key))).toEqual(['V', 'W'])
  expect(
    stages.map(({ index, name, instructions }) => [
      index,
      name,
      instructions.map(({ kind }) => kind),
    ]),
  ).toEqual([
    [0, 'base', ['arg', 'run']],
    [1, null, []],
  ])
  expect(stages.map(({ range }) => text.slice(range.start, range.end))).toEqual([
    'FROM a:$V AS Base\nARG V\nRUN x',
    'FROM base',
  ])
})
