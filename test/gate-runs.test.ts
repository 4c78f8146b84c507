import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GateReport } from '../src/report/index.ts'
import { perlServer } from './support/app-image.ts'
import { storeWithBases } from './support/bases.ts'
import { type Cli, writeFiles } from './support/jettison.ts'

const world = mkdtempSync(join(tmpdir(), 'jettison-gate-runs-'))
let cli: Cli

beforeAll(() => {
  cli = storeWithBases(['debian:bookworm-slim'])
})

afterAll(() => rmSync(world, { recursive: true, force: true }))

/** What each policy says of an image that is made of these lines, by its name. */
async function judge(
  lines: readonly string[],
  policies: object,
): Promise<Readonly<Record<string, string>>> {
  writeFiles(world, {
    Dockerfile: ['FROM debian:bookworm-slim', 'COPY server.pl /', ...lines, ''].join('\n'),
    'server.pl': perlServer,
    'jettison.yaml': JSON.stringify({ version: 1, policies }),
  })
  const ran = await cli.run(['check', '--json', '.'], { cwd: world })
  const { results } = JSON.parse(ran.stdout) as GateReport
  return Object.fromEntries(
    results.map(({ id, status, found, evidence }) => [
      id,
      [status, found, ...evidence].join(' | '),
    ]),
  )
}

/** Does not start without the variable, which each policy gives to its own container. */
const server = 'CMD exec perl /server.pl 0.0.0.0 ${PORT:?}'
const env = { PORT: '8080' }

test('an app that runs, answers and is healthy by its own check', async () => {
  const check = "use IO::Socket::INET; exit !IO::Socket::INET->new('127.0.0.1:8080')"
  const found = await judge([`HEALTHCHECK CMD ["perl", "-e", ${JSON.stringify(check)}]`, server], {
    boots: { seconds: 1, env },
    healthcheck: { env },
    'http-probe': { url: 'http://:8080/', env },
  })
  expect(found).toMatchObject({
    boots: 'pass | runs after 1 s',
    healthcheck: expect.stringMatching(/^pass /),
    'http-probe': expect.stringMatching(/^pass \| 200 you said: GET \//),
  })
})

test('an app that is not well, one that ends with an error, one that ends as it should', async () => {
  const ill = await judge(['HEALTHCHECK CMD echo not yet; false', server], {
    healthcheck: { seconds: 1, env },
  })
  expect(ill).toEqual({ healthcheck: expect.stringMatching(/^fail .*ended with 1: not yet/) })
  const ends = (code: number): ReturnType<typeof judge> =>
    judge([`CMD echo cannot go on; exit ${code}`], { boots: 'error', healthcheck: 'error' })
  expect(await ends(3)).toEqual({
    boots: 'fail | ended with exit code 3 | its last words: cannot go on',
    healthcheck: 'fail | no HEALTHCHECK',
  })
  expect(await ends(0)).toMatchObject({ boots: 'pass | ended with exit code 0' })
})
