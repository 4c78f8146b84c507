import { expect, test } from 'vitest'
import { type Event, isFault } from '../src/base/index.ts'
import { dryBuild } from './support/dry-build.ts'
import { memoryTree } from './support/memory-tree.ts'

const context = memoryTree([{ '/f': 'x' }])

/** The code of the refusal and the text that it marks, null when the build goes on. */
async function refusal(run: string, asked: Parameters<typeof dryBuild>[2] = {}) {
  try {
    await dryBuild(`FROM base\nRUN ${run} true\n`, context, asked)
    return null
  } catch (error) {
    if (!isFault(error)) throw error
    const { source, range } = error.at ?? {}
    return [error.code, source?.text.slice(range?.start, range?.end)]
  }
}

test('what leaves the sandbox is refused, with the flag marked, until it is allowed', async () => {
  for (const [flag, name] of [
    ['--security=insecure', 'security.insecure'],
    ['--network=host', 'network.host'],
  ] as const) {
    expect(await refusal(flag)).toEqual(['NOT_ALLOWED', flag])
    expect(await refusal(flag, { entitlements: [name] })).toBeNull()
  }
  expect(await refusal('--security=sandbox --network=none')).toBeNull()
})

test('ssh: required asks for keys by id, optional does not', async () => {
  const flag = '--mount=type=ssh,id=deploy,required'
  expect(await refusal(flag)).toEqual(['SSH_UNAVAILABLE', flag])
  const ssh = new Map([['deploy', { kind: 'agent', socket: '/nowhere' } as const]])
  expect(await refusal(flag, { ssh })).toBeNull()
  expect(await refusal('--mount=type=ssh')).toBeNull()
})

test('the value of --device', async () => {
  expect(await refusal('--device=vendor1.com/device=a,required')).toBeNull()
  for (const value of ['a.com/b=c,reqired', 'name=x,name=y', 'a.com/b=c,required=maybe'])
    expect(await refusal(`--device=${value}`)).toEqual(['BAD_DEVICE', `--device=${value}`])
})

test('a front end of somebody else is not used, and that is said', async () => {
  const said = async (syntax: string): Promise<readonly string[]> => {
    const events: Event[] = []
    const emit = (event: Event): void => void events.push(event)
    await dryBuild(`# syntax=${syntax}\nFROM base\n`, context, { emit })
    return events.flatMap((event) => (event.kind === 'notice' ? [event.code] : []))
  }
  expect(await said('example.com/own/frontend:1')).toEqual(['SYNTAX_IGNORED'])
  for (const own of [
    'docker/dockerfile:1.7',
    'docker.io/docker/dockerfile@sha256:0',
    'docker/dockerfile',
  ])
    expect(await said(own)).toEqual([])
})
