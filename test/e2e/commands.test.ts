import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, lasting, type Ran, type Started } from '../support/jettison.ts'
import { runPeer } from '../support/peers.ts'

const root = join(import.meta.dirname, '../..')
const images = ['devops-app:bloated', 'devops-app:optimized']
const healthy = '{"status": "healthy"}'
let world: string
let starter: string
let jettison: Cli

/** The challenge's own steps 1 to 4, with a lean Dockerfile written by hand. */
beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-commands-'))
  jettison = storeWithBases(['python:3.11', 'python:3.11-slim'])
  starter = join(world, 'starter')
  cpSync(join(root, 'examples/challenge-02/starter/Dockerfile'), join(starter, 'Dockerfile'))
  cpSync(join(root, 'examples/challenge-02/shared-resources/app'), starter, { recursive: true })
  await jettison.ok(['build', '-t', 'devops-app:bloated', '.'], { cwd: starter })
  cpSync(join(import.meta.dirname, 'lean.Dockerfile'), join(starter, 'Dockerfile'))
  await jettison.ok(['build', '-t', 'devops-app:optimized', '.'], { cwd: starter })
})

afterAll(async () => {
  await jettison.run(['rmi', ...images])
  rmSync(world, { recursive: true, force: true })
  expect(await lasting(jettison.store)).toEqual([])
})

/** Rows of a table as Docker prints it: columns are at least three blanks apart. */
function rows(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {3,}/))
}

test('image ls with a tag and without one', async () => {
  const [head, row, ...more] = rows(await jettison.ok(['image', 'ls', 'devops-app:bloated']))
  expect(head).toEqual(['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'])
  expect(row?.slice(0, 2)).toEqual(['devops-app', 'bloated'])
  expect(row?.[2]).toMatch(/^[0-9a-f]{12}$/)
  expect(more).toEqual([])
  const both = rows(await jettison.ok(['image', 'ls', 'devops-app'])).slice(1)
  expect(new Set(both.map(([, tag]) => tag))).toEqual(new Set(['bloated', 'optimized']))
  // All columns but CREATED, which says how many seconds ago.
  const still = (text: string): unknown =>
    rows(text).map((row) => row.filter((_, column) => column !== 3))
  expect(still(await jettison.ok(['images', 'devops-app']))).toEqual(
    still(await jettison.ok(['image', 'ls', 'devops-app'])),
  )
})

test('SIZE is the sum of the layers, and under 200 MB for the lean image', async () => {
  const list = await jettison.ok(['image', 'ls', '--json', 'devops-app'])
  const [lean] = (JSON.parse(list) as { tag: string; size: number }[]).filter(
    ({ tag }) => tag === 'optimized',
  )
  const history = await jettison.ok(['history', '--json', 'devops-app:optimized'])
  const layers = JSON.parse(history) as readonly { readonly size: number }[]
  expect(lean?.size).toBe(layers.reduce((sum, { size }) => sum + size, 0))
  expect(lean?.size).toBeLessThan(200_000_000)
})

test('history: columns, whole lines, JSON, and no build tool above the base of the lean image', async () => {
  const short = rows(await jettison.ok(['history', 'devops-app:bloated']))
  expect(short[0]).toEqual(['IMAGE', 'CREATED', 'CREATED BY', 'SIZE', 'COMMENT'])
  for (const row of short.slice(1)) expect(row[2]?.length).toBeLessThanOrEqual(45)
  const whole = await jettison.ok(['history', '--no-trunc', 'devops-app:bloated'])
  expect(whole).toContain('apt-get install -y build-essential gcc')
  const lines = (await jettison.ok(['history', '--format', 'json', 'devops-app:optimized'])).trim()
  const entries = lines.split('\n').map((line) => JSON.parse(line) as { CreatedBy: string })
  expect(entries[0]?.CreatedBy).toBe('CMD ["python" "app.py"]')
  const own = entries.slice(
    0,
    entries.findIndex(({ CreatedBy }) => /WORKDIR/.test(CreatedBy)),
  )
  expect(own.length).toBeGreaterThan(3)
  expect(JSON.stringify(own)).not.toMatch(/gcc|build-essential/)
})

test('compare puts the two side by side', async () => {
  const text = await jettison.ok(['compare', ...images])
  expect(rows(text)[0]).toEqual(['', ...images, 'CHANGE'])
  expect(text).toMatch(/^size \(layers\) .*MB.*−\d+ %/m)
  const compared = JSON.parse(await jettison.ok(['compare', '--json', ...images])) as {
    readonly before: { readonly size: number }
    readonly after: { readonly size: number }
    readonly removed: readonly string[]
  }
  expect(compared.after.size / compared.before.size).toBeLessThan(0.25)
  expect(compared.removed.join('\n')).toMatch(/^gcc\b/m)
})

test('inspect describes the image as Docker does; tag and rmi', async () => {
  const [image] = JSON.parse(await jettison.ok(['inspect', 'devops-app:optimized'])) as [
    { readonly Id: string; readonly RepoTags: readonly string[]; readonly Config: object },
  ]
  expect(image.RepoTags).toContain('devops-app:optimized')
  expect(image.Config).toMatchObject({
    Cmd: ['python', 'app.py'],
    WorkingDir: '/app',
    ExposedPorts: { '5000/tcp': {} },
  })
  const cmd = await jettison.ok(['inspect', '--format', '{{.Id}} {{.Config.WorkingDir}}', image.Id])
  expect(cmd).toBe(`${image.Id} /app\n`)
  await jettison.ok(['tag', 'devops-app:optimized', 'e2e-commands:again'])
  expect(await jettison.ok(['rmi', 'e2e-commands:again'])).toContain('Untagged: e2e-commands:again')
  expect((await jettison.run(['inspect', 'e2e-commands:again'])).code).not.toBe(0)
  expect(await jettison.ok(['image', 'ls', '-q', 'devops-app:optimized'])).toBe(
    `${image.Id.slice(7, 19)}\n`,
  )
})

test('run -p: curl reaches the app; Ctrl-C reaches it too', async () => {
  const port = await freePort()
  const app = jettison.start(['run', '--rm', '-p', `${port}:5000`, 'devops-app:optimized'])
  await app.until(/Running on/)
  expect(await curl(`http://localhost:${port}/health`)).toBe(healthy)
  expect(await curl(`http://localhost:${port}/`)).toContain('"app": "devops-app"')
  app.child.kill('SIGINT')
  // Python leaves with 130 or with the exception that Flask's server makes of it; the code is the app's.
  const { code } = await app.ended
  expect([0, 1, 130]).toContain(code)
  expect(await jettison.ok(['ps', '-a', '--format', '{{.Image}}'])).not.toContain('devops-app')
})

test('an app that ignores Ctrl-C is ended by the third', async () => {
  const script = [
    'import os, signal, time',
    'signal.signal(signal.SIGINT, lambda *_: os.write(1, b"ignored\\n"))',
    'os.write(1, b"ready\\n")',
    'while True: time.sleep(1)',
  ].join('\n')
  const command = ['run', '--rm', 'devops-app:optimized', 'python', '-c', script]
  const app = jettison.start(command)
  await app.until(/ready/)
  app.child.kill('SIGINT')
  await app.until(/ready\nignored\n/)
  app.child.kill('SIGINT')
  await app.until(/(?:ignored\n){2}/)
  app.child.kill('SIGINT')
  expect((await app.ended).code).toBe(137)
  expect(await jettison.ok(['ps', '-a', '--format', '{{.Image}}'])).not.toContain('devops-app')
})

test('SIGTERM reaches the app, and run returns its exit code', async () => {
  const script = [
    'import os, signal, sys, time',
    // Not print: the signal may come while the other print is still in the same buffer, which Python refuses.
    'signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b"asked to stop\\n"), sys.exit(42)))',
    'print("ready", flush=True)',
    'time.sleep(1000)',
  ].join('\n')
  const command = ['python', '-c', script]
  const app = jettison.start(['run', '--rm', '-e', 'A=1', 'devops-app:optimized', ...command])
  await app.until(/ready/)
  app.child.kill('SIGTERM')
  expect(await app.ended).toMatchObject({ code: 42, stdout: 'ready\nasked to stop\n' })
  expect(await runOnce('sh', '-c', 'exit 7')).toMatchObject({ code: 7, stdout: '' })
  expect((await runOnce('no-such-program')).code).toBe(127)
  expect((await runOnce('/app')).code).toBe(126)
})

test('run -e, -w, -u and --entrypoint', async () => {
  const flags = ['-e', 'GREETING=hello world', '-w', '/tmp', '-u', 'nobody']
  const script = 'import os; print(os.environ["GREETING"], os.getcwd(), os.getuid())'
  const args = ['--entrypoint', 'python', 'devops-app:optimized', '-c', script]
  expect(await jettison.ok(['run', '--rm', ...flags, ...args])).toBe('hello world /tmp 65534\n')
})

test('a container has its own network: two apps on one port, and nothing unpublished is reachable', async () => {
  const apps: Started[] = []
  const ports = [await freePort(), await freePort()]
  for (const port of ports)
    apps.push(jettison.start(['run', '--rm', '-p', `${port}:5000`, 'devops-app:optimized']))
  for (const app of apps) await app.until(/Running on/)
  const answers = ports.map((port) => curl(`http://127.0.0.1:${port}/health`))
  expect(await Promise.all(answers)).toEqual([healthy, healthy])
  for (const app of apps) app.child.kill('SIGTERM')
  expect((await Promise.all(apps.map((app) => app.ended))).map(({ code }) => code)).toEqual([0, 0])
})

test('run -d, ps, logs, exec, stop and rm', async () => {
  const port = await freePort()
  const name = 'e2e-commands-app'
  const id = await jettison.ok([
    ...['run', '-d', '--name', name, '-p', `${port}:5000`, 'devops-app:optimized'],
  ])
  try {
    expect(id).toMatch(/^[0-9a-f]{64}\n$/)
    await until(async () => (await curl(`http://localhost:${port}/health`)) === healthy)
    const [head, row] = await psRow(name)
    expect(head).toEqual([
      'CONTAINER ID',
      'IMAGE',
      'COMMAND',
      'CREATED',
      'STATUS',
      'PORTS',
      'NAMES',
    ])
    expect(row).toMatchObject({
      0: id.slice(0, 12),
      1: 'devops-app:optimized',
      2: '"python app.py"',
    })
    expect(row?.[4]).toMatch(/^Up /)
    expect(row?.[5]).toBe(`127.0.0.1:${port}->5000/tcp`)
    await until(async () => /GET \/health/.test(await everything(['logs', name])))
    const version = ['exec', '-e', 'X=y', name, 'python', '-c', 'import os; print(os.environ["X"])']
    expect(await jettison.ok(version)).toBe('y\n')
    expect((await jettison.run(['exec', name, 'sh', '-c', 'exit 5'])).code).toBe(5)
    const again = await jettison.run(['run', '-d', '--name', name, 'devops-app:optimized'])
    expect(again.code).not.toBe(0)
    expect(again.stderr).toContain(name)
    expect((await jettison.run(['rm', name])).code).toBe(1)
    expect(await jettison.ok(['stop', name])).toBe(`${name}\n`)
    expect(await jettison.ok(['ps', '--format', '{{.Names}}'])).not.toContain(name)
    expect(await jettison.ok(['ps', '-a', '--format', '{{.Names}} {{.Status}}'])).toMatch(
      new RegExp(`^${name} Exited \\(0\\)`, 'm'),
    )
    expect(await jettison.ok(['rm', name])).toBe(`${name}\n`)
  } finally {
    await jettison.run(['rm', '-f', name])
  }
  expect(await jettison.ok(['ps', '-a', '--format', '{{.Names}}'])).not.toContain(name)
})

test('a published port that is taken is said before the app runs', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  try {
    const ran = await jettison.run(['run', '--rm', '-p', `${port}:5000`, 'devops-app:optimized'])
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toMatch(new RegExp(`error: .*${port}`))
    expect(ran.stderr).toMatch(/hint: /)
  } finally {
    server.close()
  }
})

test('skopeo and umoci read what save writes', async () => {
  const tar = join(world, 'saved.tar')
  await jettison.ok(['save', '-o', tar, 'devops-app:optimized'])
  const id = (await jettison.ok(['inspect', '--format', '{{.Id}}', 'devops-app:optimized'])).trim()
  for (const transport of ['docker-archive', 'oci-archive']) {
    const config = runPeer('skopeo', ['inspect', '--config', `${transport}:${tar}`])
    expect(JSON.parse(config.toString())).toMatchObject({
      config: { Cmd: ['python', 'app.py'], WorkingDir: '/app' },
    })
    // The image ID is the digest of the configuration, in either form.
    const raw = runPeer('skopeo', ['inspect', '--config', '--raw', `${transport}:${tar}`])
    const sum = execFileSync('sha256sum', { input: raw, encoding: 'utf8' }).split(' ')[0]
    expect(`sha256:${sum}`).toBe(id)
  }
  const layout = join(world, 'layout')
  execFileSync('mkdir', [layout])
  execFileSync('tar', ['-xf', tar, '-C', layout])
  const index = readFileSync(join(layout, 'index.json'), 'utf8')
  const [{ annotations }] = (
    JSON.parse(index) as { manifests: [{ annotations: Record<string, string> }] }
  ).manifests
  const tag = annotations['org.opencontainers.image.ref.name']
  const bundle = join(world, 'bundle')
  runPeer('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle])
  expect(readFileSync(join(bundle, 'rootfs/app/app.py'))).toEqual(
    readFileSync(join(starter, 'app.py')),
  )
})

async function runOnce(...command: readonly string[]): Promise<Ran> {
  return jettison.run(['run', '--rm', 'devops-app:optimized', ...command])
}

async function everything(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await jettison.run(args)
  return stdout + stderr
}

async function psRow(name: string): Promise<readonly (readonly string[] | undefined)[]> {
  const [head, ...containers] = rows(await jettison.ok(['ps']))
  return [head, containers.find((row) => row.at(-1) === name)]
}

/** What `curl -s` prints: the body, nothing while nobody answers. */
async function curl(url: string): Promise<string> {
  return fetch(url).then(
    (answer) => answer.text(),
    () => '',
  )
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
