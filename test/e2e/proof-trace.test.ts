import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Proof } from '../../src/proof/index.ts'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, writeFiles } from '../support/jettison.ts'

const name = 'e2e-trace'
let world: string
let jettison: Cli

/** Reads a file of the base whose name no text holds, and says nothing about it. */
const app = `import http.server, signal, sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
try:
    terms = open("/".join(["", "usr", "share", "common" + "-licenses", "GPL-" + str(3)])).read()
except OSError:
    terms = ""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = terms if self.path == "/terms" else "ok"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
`

const image = (line: string): string => `FROM python:3.11-slim
WORKDIR /app
COPY app.py .
RUN ${line}
EXPOSE 8000
CMD ["python3", "app.py"]
`

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-trace-'))
  jettison = storeWithBases(['python:3.11-slim'])
  await build('fat', 'true')
  await build('lean', 'rm /usr/share/common-licenses/GPL-3')
})

afterAll(async () => {
  await jettison.run(['rmi', `${name}:fat`, `${name}:lean`])
  rmSync(world, { recursive: true, force: true })
})

async function build(tag: string, line: string): Promise<void> {
  const folder = writeFiles(join(world, tag), { 'app.py': app, Dockerfile: image(line) })
  await jettison.ok(['build', '-q', '-t', `${name}:${tag}`, folder])
}

test('a file whose name is made at run time is found by the run of fat, and by nothing else', async () => {
  const ran = await jettison.run([
    'prove',
    '--json',
    '--mutations',
    '0',
    `${name}:fat`,
    `${name}:lean`,
  ])
  const proof = JSON.parse(ran.stdout) as Proof
  expect([ran.code, proof.verdict]).toEqual([1, 'DIFFERENT'])
  expect(proof.rungs.flatMap(({ rung, status }) => (status === 'fail' ? [rung] : []))).toContain(
    'P2',
  )
  const failed = proof.rungs.filter(({ rung, status }) => status === 'fail' && rung !== 'P10')
  expect(failed.map(({ rung }) => rung)).toEqual(['P2'])
  expect(failed[0]?.evidence[0]).toMatchObject({
    message: 'fat opens /usr/share/common-licenses/GPL-3, which lean lacks',
    missing: { kind: 'file', package: 'base-files' },
  })
  expect(proof.trace).toMatchObject({
    executed: expect.arrayContaining(['/usr/local/bin/python3.11']) as unknown,
  })
  expect('opened' in proof.trace && proof.trace.opened).toContain('/app/app.py')
})
