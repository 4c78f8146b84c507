import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { examined, messages } from '../../../test/support/static-rung.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import type { Subject } from '../ports.ts'
import { mutationRung } from './p9-mutations.ts'

const base: Readonly<Record<string, Spec>> = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n',
  '/etc/ssl/certs/ca-certificates.crt': '-----BEGIN CERTIFICATE-----\nx\n',
  '/usr/share/zoneinfo/UTC': 'x',
  '/bin/sh': { text: 'x', mode: 0o755 },
}

function image(name: string, files: Readonly<Record<string, Spec>>): Subject {
  return subjectOf({
    name,
    layers: [base, files],
    config: { Cmd: ['/bin/sh', '/app/run.sh'], User: 'app', WorkingDir: '/app' },
  })
}

const app = { '/app/run.sh': 'echo hi\n' }

test('P9: the program, the data, the script and the user are missed one by one', async () => {
  const found = await examined(mutationRung, image('fat', app), image('lean', app), {
    mutations: 'all',
  })
  expect(found, messages(found)).toMatchObject({ status: 'pass', examined: 5 })
  for (const what of [...Object.keys(base).slice(1, 2), '/usr/share/zoneinfo', '/bin/sh', 'app'])
    expect(messages(found)).toContain(`without ${what}: P2`)
})

test('P9: what fat does not have either is missed by no rung, and that is said', async () => {
  const other = { '/app/else.sh': 'echo hi\n' }
  const found = await examined(mutationRung, image('fat', other), image('lean', app), {
    mutations: 'all',
  })
  expect(found.status).toBe('unproven')
  expect(found.evidence[0]?.message).toBe('without /app/run.sh: no static rung names it')
})

test('P9: a bounded number is chosen by the image, and the rest is counted', async () => {
  const run = (): ReturnType<typeof examined> =>
    examined(mutationRung, image('fat', app), image('lean', app), { mutations: 2 })
  const [first, second] = [await run(), await run()]
  expect(first).toMatchObject({ status: 'pass', examined: 2 })
  expect(messages(first)).toBe(messages(second))
  expect(first.notExercised).toEqual(['P9: 3 more mutants were not made (--mutations all)'])
})
