import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Proof } from '../../src/proof/index.ts'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, lasting, writeFiles } from '../support/jettison.ts'

const name = 'e2e-services'
const redis = `${name}/redis:7`
let world: string
let jettison: Cli

/** Debian's own Redis server. */
const redisImage = `FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/*
EXPOSE 6379
CMD ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no"]
`

/** Keeps its items in Redis, by the protocol itself: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const app = `import http.server, json, os, signal, socket, sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
host = os.environ.get("REDIS_HOST", "cache")
try:
    redis = socket.create_connection((host, 6379)).makefile("rwb")
except OSError as error:
    sys.exit(f"Error 111 connecting to {host}:6379. {error}")


def call(*words):
    redis.write(b"*%d\\r\\n" % len(words) + b"".join(b"$%d\\r\\n%s\\r\\n" % (len(w), w) for w in words))
    redis.flush()
    return redis.readline().strip().decode()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        found = self.path == "/count"
        self.answer(200 if found else 404, {"items": call(b"DBSIZE")} if found else {})

    def do_POST(self):
        item = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(201, {"set": call(b"SET", item["name"].encode(), b"1")})


print("redis says", call(b"PING"), flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
`

const image = (layers: string): string => `FROM python:3.11-slim
WORKDIR /app
COPY app.py .
${layers}EXPOSE 8000
CMD ["python3", "app.py"]
`

const compose = (reference: string): string => `services:
  web:
    build: .
    environment: { REDIS_HOST: store }
    depends_on: [store]
  store:
    image: ${reference}
    healthcheck: { test: redis-cli ping }
`

const probes = `port: 8000
probes:
  - http://:8000/count
  - { method: POST, path: /items, body: { name: lamp }, expect: { status: 201, contains: OK } }
  - { path: /count, headers: { accept: application/json }, expect: { body: { items: ":1" } } }
`

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-services-'))
  jettison = storeWithBases(['python:3.11-slim', 'debian:bookworm-slim'])
  writeFiles(join(world, 'redis'), { Dockerfile: redisImage })
  await jettison.ok(['build', '-q', '-t', redis, join(world, 'redis')])
  const ballast =
    'RUN mkdir -p /root/.cache/pip/http && head -c 1000000 /dev/zero > /root/.cache/pip/http/x\n'
  await build('fat', { 'app.py': app, Dockerfile: image(ballast) })
  await build('lean', { 'app.py': app, Dockerfile: image('') })
  writeFiles(world, { 'probes.yaml': probes })
})

afterAll(async () => {
  const tags = ['fat', 'lean', 'composed', 'alone'].map((tag) => `${name}:${tag}`)
  await jettison.run(['rmi', redis, ...tags])
  rmSync(world, { recursive: true, force: true })
})

async function build(tag: string, files: Readonly<Record<string, string>>): Promise<string> {
  writeFiles(join(world, tag), files)
  await jettison.ok(['build', '-q', '-t', `${name}:${tag}`, join(world, tag)])
  return `${name}:${tag}`
}

async function prove(
  args: readonly string[],
): Promise<{ readonly code: number; readonly proof: Proof }> {
  const ran = await jettison.run(['prove', '--json', '--mutations', '0', ...args], { cwd: world })
  expect(ran.stdout, ran.stderr).toMatch(/^\{/)
  return { code: ran.code, proof: JSON.parse(ran.stdout) as Proof }
}

const rung = (proof: Proof, id: string): Proof['rungs'][number] | undefined =>
  proof.rungs.find((one) => one.rung === id)

test('without its database the app is UNPROVEN, and the missing service and its flag are named', async () => {
  const { code, proof } = await prove([`${name}:fat`, `${name}:lean`])
  expect([code, proof.verdict]).toEqual([3, 'UNPROVEN'])
  expect(proof.wouldProve).toContain(
    'give the app a Redis server at cache:6379: --service cache=redis:7',
  )
})

test('with it the app is proved, each side with a database of its own', async () => {
  const { code, proof } = await prove([
    ...['--service', `cache=${redis}`, '--probe', 'file:probes.yaml'],
    ...[`${name}:fat`, `${name}:lean`],
  ])
  expect([code, proof.verdict]).toEqual([0, 'EQUIVALENT'])
  const asked = rung(proof, 'P7')?.evidence.map(({ subject }) => subject) ?? []
  expect(asked).toContain('P7 POST :8000/items {"name":"lamp"}')
  expect(rung(proof, 'P7')?.examined).toBe(3)
  expect('executed' in proof.trace && proof.trace.executed).toContain('/usr/local/bin/python3.11')
})

test('a compose file names the service, its settings and its health check', async () => {
  const composed = await build('composed', {
    'app.py': app,
    'compose.yaml': compose(redis),
    Dockerfile: image('COPY compose.yaml .\n'),
  })
  const { proof } = await prove(['--probe', 'http://:8000/count', composed, composed])
  expect(proof.verdict).toBe('EQUIVALENT')
})

test('a service of the compose file that cannot be had is named', async () => {
  const alone = await build('alone', {
    'app.py': app,
    'compose.yaml': compose('127.0.0.1:1/redis:7'),
    Dockerfile: image('COPY compose.yaml .\n'),
  })
  const { code, proof } = await prove([alone, alone])
  expect([code, proof.verdict]).toEqual([3, 'UNPROVEN'])
  expect(proof.wouldProve.join('\n')).toMatch(
    /compose\.yaml names the service store \(127\.0\.0\.1:1\/redis:7\).*--service store=IMAGE/,
  )
})

test('nothing is left of it', async () => {
  expect(await lasting(jettison.store)).toEqual([])
})
