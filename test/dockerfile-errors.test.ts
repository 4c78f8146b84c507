// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile variables look like templates
import { expect, test } from 'vitest'
import { describeFault, type Fault, isFault } from '../src/base/index.ts'
import { dryBuild } from './support/dry-build.ts'
import { memoryTree } from './support/memory-tree.ts'

const context = memoryTree([{ '/a': 'x' }])
const missing = ['bulider', 'pyhton:3.11', 'python:9', 'unlike']
const two = 'FROM scratch AS builder\nCOPY a /\nFROM scratch\n'

/** The text, what the carets stand under, and what the person reads besides. */
test.each<readonly [string, string, RegExp]>([
  ['FORM python\n', 'FORM', /did you mean FROM\?/],
  ['FROM scratch\nRUM x\n', 'RUM', /did you mean RUN\?/],
  [`${two}COPY --form=builder /a /\n`, '--form=builder', /did you mean from\?/],
  ['FROM --platfrom=x scratch\n', '--platfrom=x', /did you mean platform\?/],
  [`${two}COPY --from=bulider /a /\n`, '--from=bulider', /did you mean the stage builder\?/],
  [`${two}FROM bulider\n`, 'bulider', /did you mean the stage builder\?/],
  ['FROM pyhton:3.11\n', 'pyhton:3.11', /did you mean python\?/],
  ['FROM scratch\nRUN --mount=type=cahce,target=/x x\n', 'type=cahce', /did you mean cache\?/],
  ['FROM scratch\nRUN --mount=tagret=/x x\n', 'tagret=/x', /did you mean target\?/],
  ['FROM scratch\nRUN --network=nnone x\n', '--network=nnone', /did you mean none\?/],
  ['FROM scratch\nENV a=b c\n', 'c', /hint: Quote a value/],
  ['FROM scratch\nENV a="b\n', '"b', /hint: close the quote/],
  ['FROM scratch\nARG x\nENV y=${x:?no}\n', '${x:?no}', /x: no[\s\S]*hint: [^\n]*--build-arg x=/],
  ['FROM scratch\nENV y=${x\n', '${x', /hint: end the variable with a }/],
  ['FROM scratch\nSHELL /bin/sh\n', '/bin/sh', /hint: Write SHELL \[/],
  ['FROM scratch\nCOPY <<EOF /a\nx\n', '<<', /unterminated heredoc[\s\S]*hint: Put EOF alone/],
  ['FROM scratch\nCOPY --chmod=99 a /\n', '--chmod=99', /hint: use an octal mode/],
  ['FROM scratch\nCOPY a b /\n', 'b', /"\/b": not found/],
  ['FROM scratch\nEXPOSE 80 x\n', 'x', /hint: EXPOSE takes/],
  ['FROM scratch\nSTOPSIGNAL KIL\n', 'KIL', /invalid signal/],
])('%j marks %j', async (text, token, said) => {
  const fault = await faultOf(dryBuild(text, context, { missing }))
  const { start, end } = fault.at?.range ?? { start: 0, end: 0 }
  const marked = text.slice(start, end)
  expect(token === '<<' ? marked.slice(0, 2) : marked.endsWith(token) && token).toBe(token)
  const shown = describeFault(fault)
  expect(shown).toMatch(said)
  expect(shown).toMatch(/\n {2,}\d+ \| >>> .*\n {5}\| +\^+\n/)
})

test('a misspelt --target is told the stage it is near to', async () => {
  const fault = await faultOf(dryBuild(two, context, { target: 'buidler' }))
  expect(describeFault(fault)).toMatch(/"buidler" could not be found \(did you mean builder\?\)/)
})

test('a name that is near to nothing, or right but for its tag, is not guessed at', async () => {
  for (const name of ['unlike', 'python:9'])
    expect((await faultOf(dryBuild(`FROM ${name}\n`, context, { missing }))).hint).toBeUndefined()
})

async function faultOf(work: Promise<void>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isFault(error)) throw new Error('it was not refused', { cause: error })
  return error
}
