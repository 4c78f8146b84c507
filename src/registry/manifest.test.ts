import { expect, test } from 'vitest'
import { sha256 } from '../image/index.ts'
import { parseChallenges } from './challenge.ts'
import { choosePlatform, parseManifest } from './manifest.ts'
import { inParallel } from './parallel.ts'

test('platforms: exact, then the newest that runs, never another', () => {
  const entry = (architecture: string, variant?: string) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: sha256(`${architecture}${variant}`),
    size: 1,
    platform: { os: 'linux', architecture, ...(variant ? { variant } : {}) },
  })
  const index = parseManifest(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        manifests: [
          entry('arm', 'v5'),
          entry('arm', 'v6'),
          entry('arm', 'v7'),
          entry('arm64', 'v8'),
          entry('amd64'),
          { ...entry('unknown'), platform: { os: 'unknown', architecture: 'unknown' } },
        ],
      }),
    ),
    '',
  )
  if (!('manifests' in index)) throw new Error('no index')
  const choose = (architecture: string, variant?: string) =>
    choosePlatform(index, { os: 'linux', architecture, ...(variant ? { variant } : {}) }, 'x')
      .platform
  expect(choose('amd64')).toEqual({ os: 'linux', architecture: 'amd64' })
  expect(choose('arm64')).toMatchObject({ variant: 'v8' })
  expect(choose('arm')).toMatchObject({ variant: 'v7' })
  expect(choose('arm', 'v6')).toMatchObject({ variant: 'v6' })
  expect(() => choose('s390x')).toThrow('no image for linux/s390x')
})

test('challenges are read with their quotes and commas', () => {
  const header =
    'Basic realm="a, \\"b\\"", Bearer realm="https://x/y?z=1",service=reg , scope="a b"'
  expect(
    parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]),
  ).toEqual([
    ['basic', { realm: 'a, "b"' }],
    ['bearer', { realm: 'https://x/y?z=1', service: 'reg', scope: 'a b' }],
  ])
  expect(parseChallenges('')).toEqual([])
})

test('the first failure stops the others before it is told', async () => {
  const ended: number[] = []
  const running = inParallel([1, 2, 3, 4, 5], 2, undefined, async (item, signal) => {
    if (item === 1) throw new Error('first')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    ended.push(item)
  })
  await expect(running).rejects.toThrow('first')
  expect(ended).toEqual([2])
})
