import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../interchange/answer.ts'
import { smallApp } from '../interchange/small-app.ts'
import { jettisonRunner, type Traveller } from '../interchange/world.ts'
import { bundleChanges } from '../support/bases.ts'
import { type DockerDaemon, dockerRoot, startDockerDaemon } from '../support/docker-daemon.ts'
import { type Cli, cliOn, leftovers, type Ran, writeFiles } from '../support/jettison.ts'

let home: string
let docker: DockerDaemon
let jettison: Cli
let traveller: Traveller

beforeAll(async () => {
  bundleChanges()
  const cache = join(homedir(), '.cache/jettison')
  mkdirSync(cache, { recursive: true })
  home = mkdtempSync(join(cache, 'engines-'))
  docker = await startDockerDaemon(home)
  jettison = cliOn(join(home, 'store'))
  traveller = await smallApp(jettison, home, 'small:1')
})

afterAll(async () => {
  await docker.close()
  rmSync(home, { recursive: true, force: true })
})

/** As one with Docker's client on PATH would call it. */
function withDocker(args: readonly string[]): Promise<Ran> {
  const env = {
    PATH: `${join(dockerRoot(), 'usr/bin')}:${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`,
    DOCKER_HOST: docker.socket,
    DOCKER_CONFIG: docker.home,
  }
  return jettison.run(args, { env })
}

async function configOf(image: string): Promise<unknown> {
  const [{ Config }] = JSON.parse(await jettison.ok(['inspect', image])) as [{ Config: unknown }]
  return Config
}

test('the Docker Engine builds, and the image answers here as the one that was built here', async () => {
  const args = ['build', '--engine', 'docker', '--json', '-t', 'theirs:1', join(home, 'small-app')]
  const first = await withDocker(args)
  expect(first.code, first.stderr).toBe(0)
  expect(await answerOf(jettisonRunner(jettison), 'theirs:1', traveller.question)).toBe(
    traveller.answer,
  )
  expect(await configOf('theirs:1')).toEqual(await configOf('small:1'))
  const { ran } = JSON.parse(first.stdout) as { readonly ran: number }
  expect(ran).toBeGreaterThan(3)
  const again = await withDocker(args)
  expect(JSON.parse(again.stdout)).toMatchObject({ ran: 0, cached: ran })
})

test('arguments, secrets and the ignore file reach it', async () => {
  const context = join(home, 'told')
  writeFiles(context, {
    Dockerfile: `FROM scratch
COPY --from=small:1 /bin/ /bin/
ARG WORD
COPY . /told/
RUN --mount=type=secret,id=key echo "$WORD $(cat /run/secrets/key) $(ls /told)" > /told/all
`,
    'Dockerfile.dockerignore': '*.log\nkey\nDockerfile*\n',
    'a.log': 'x',
    'a.txt': 'x',
    key: 'open',
  })
  const inEngine = await withDocker(['save', '-o', join(home, 'small.tar'), 'small:1'])
  expect(inEngine.code, inEngine.stderr).toBe(0)
  await docker.run(['load', '-q', '-i', join(home, 'small.tar')])
  const key = ['--secret', `id=key,src=${join(context, 'key')}`]
  const built = await withDocker([
    ...['build', '--engine', 'docker', '-t', 'told:1', '--build-arg', 'WORD=hello', ...key],
    context,
  ])
  expect(built.code, built.stderr).toBe(0)
  expect(await jettison.ok(['run', '--rm', 'told:1', 'cat', '/told/all'])).toBe(
    'hello open a.txt\n',
  )
})

test('a line that names the syntax builds where that cannot be fetched, too', async () => {
  const context = writeFiles(join(home, 'syntax'), {
    Dockerfile: '# syntax=docker/dockerfile:1\n# escape=`\nFROM small:1\nENV A=`\nb\n',
  })
  const built = await withDocker(['build', '--engine', 'docker', '-t', 'syntax:1', context])
  expect(built.code, built.stderr).toBe(0)
  expect(await configOf('syntax:1')).toMatchObject({ Env: expect.arrayContaining(['A=b']) })
})

test('what it cannot build says what the engine said; what it is not told is refused', async () => {
  const context = join(home, 'broken')
  writeFiles(context, {
    Dockerfile: 'FROM scratch\nCOPY --from=small:1 /bin/ /bin/\nRUN echo so it goes && exit 3\n',
  })
  const failed = await withDocker(['build', '--engine', 'docker', '-t', 'no:1', context])
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('ENGINE_BUILD_FAILED')
  expect(failed.stderr).toContain('exit code: 3')
  const refused = await withDocker(['build', '--engine', 'docker', '--why', context])
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--why')])
  const none = await jettison.run(['build', '--engine', 'buildkit', context], {
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
  })
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('ENGINE_MISSING')])
})

test('nothing is left of it', () => {
  expect(leftovers(jettison.store)).toEqual([])
})
