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
    config: {
      Cmd: ['/bin/sh', '/app/run.sh'],
      User: 'app',
      WorkingDir: '/app',
      Env: ['MODE=strict'],
      ExposedPorts: { '80': {} },
    },
  })
}

const app = { '/app/run.sh': 'echo hi\n' }

test('P9: the program, the data, the script and the user are missed one by one', async () => {
  const found = await examined(mutationRung, image('fat', app), image('lean', app), {
    mutations: 'all',
  })
  expect(found, messages(found)).toMatchObject({ status: 'pass' })
  for (const what of [
    ...Object.keys(base).slice(1, 2),
    '/usr/share/zoneinfo',
    '/bin/sh',
    '/bin/sh not executable',
    '/app/run.sh not readable',
    'app',
  ])
    expect(messages(found)).toContain(`without ${what}: P2`)
  for (const what of ['ENV MODE', 'EXPOSE 80', 'CMD', 'USER', 'WORKDIR'])
    expect(messages(found)).toContain(`without ${what}: P1`)
  expect(found.examined).toBe(found.evidence.length)
})

test('P9: what fat does not have either is missed by no rung, and that is said', async () => {
  const other = { '/app/else.sh': 'echo hi\n' }
  const found = await examined(mutationRung, image('fat', other), image('lean', app), {
    mutations: 'all',
  })
  expect(found.status).toBe('unproven')
  expect(found.evidence[0]).toMatchObject({
    message: 'without /app/run.sh: no static rung names it; it cannot be started',
    lean: 'survives',
  })
})

test('P9: a bounded number is chosen by the image, and the rest is counted', async () => {
  const run = (mutations: 2 | 'all' = 2): ReturnType<typeof examined> =>
    examined(mutationRung, image('fat', app), image('lean', app), { mutations })
  const [first, second] = [await run(), await run()]
  expect(first).toMatchObject({ status: 'pass', examined: 2 })
  expect(messages(first)).toBe(messages(second))
  const rest = (await run('all')).examined - 2
  expect(first.notExercised).toEqual([`P9: ${rest} more mutants were not made (--mutations all)`])
})
