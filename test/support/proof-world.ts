import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LayerId } from '../../src/build/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engines/index.ts'
import type { ContainerConfig } from '../../src/image/index.ts'
import type { Clock, Subject } from '../../src/proof/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { psycopg2Root } from './psycopg2-root.ts'

const site = '/usr/local/lib/python3.11/dist-packages'
const debianSite = '/usr/lib/python3/dist-packages'

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
}

/** What an image of the world consists of above Debian; each part is a layer. */
export type Part =
  | 'psycopg2'
  | 'app'
  | 'ballast'
  | 'gcc'
  | 'without-libpq'
  | 'broken-health'
  | 'crash'

export type ProofWorld = {
  readonly store: Store
  readonly engine: EmbeddedEngine
  readonly image: (
    name: string,
    parts: readonly Part[],
    config?: ContainerConfig,
  ) => Promise<Subject>
  readonly remove: () => void
}

/** A store with Debian, psycopg2 installed as pip installs it, and a small web app that needs it. */
export function proofWorld(): ProofWorld {
  const root = psycopg2Root()
  const dir = mkdtempSync(join(dirname(root), 'store-'))
  const store = openStore(join(dir, 'store'))
  const engine = createEmbeddedEngine({ store })
  const base = layerOf(store, (upper) => {
    execFileSync('cp', ['-a', '--reflink=auto', `${root}/.`, upper])
    for (const name of psycopg2Names(root))
      rmSync(join(upper, debianSite, name), { recursive: true })
  })
  const made = new Map<Part, Promise<LayerId>>()
  const part = (name: Part): Promise<LayerId> => {
    const known = made.get(name) ?? makePart(name, { store, engine, root, base })
    made.set(name, known)
    return known
  }
  const image = async (name: string, parts: readonly Part[], config = {}): Promise<Subject> => {
    const layers = [base, ...(await Promise.all(parts.map(part)))]
    return subject(store, {
      name,
      layers,
      config,
      lines: ['base', ...parts.map((one) => `RUN ${one}`)],
    })
  }
  return { store, engine, image, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

function layerOf(store: Store, fill: (upper: string) => void): LayerId {
  const draft = store.draftLayer()
  fill(draft.upper)
  return draft.publish().id
}

type Ground = {
  readonly store: Store
  readonly engine: EmbeddedEngine
  readonly root: string
  readonly base: LayerId
}

async function makePart(part: Part, { store, engine, root, base }: Ground): Promise<LayerId> {
  switch (part) {
    case 'psycopg2':
      return layerOf(store, (upper) => installPsycopg2(root, upper))
    case 'app':
      return layerOf(store, (upper) =>
        write(upper, '/app/app.py', app("{'status': 'healthy', 'libpq': version}")),
      )
    case 'broken-health':
      return layerOf(store, (upper) => write(upper, '/app/app.py', app("{'status': 'ill'}")))
    case 'crash':
      return layerOf(store, (upper) =>
        write(
          upper,
          '/app/app.py',
          'raise SystemExit(\'could not translate host name "db" to address\')\n',
        ),
      )
    case 'ballast':
      return layerOf(store, (upper) =>
        write(upper, '/root/.cache/pip/http/x', 'x'.repeat(1_000_000)),
      )
    case 'gcc':
      return layerOf(store, (upper) => {
        mkdirSync(join(upper, 'usr/bin'), { recursive: true })
        cpSync(join(root, 'usr/bin/perl'), join(upper, 'usr/bin/gcc-12'))
      })
    case 'without-libpq':
      return removed(engine, base, '/usr/lib/*/libpq.so.5*')
  }
}

async function removed(engine: EmbeddedEngine, base: LayerId, pattern: string): Promise<LayerId> {
  const step = {
    base: [base],
    argv: ['/bin/sh', '-c', `rm ${pattern}`],
    env: ['PATH=/usr/bin:/bin'],
    cwd: '/',
    user: { uid: 0, gid: 0, groups: [] },
    mounts: [],
    network: 'none',
    addHosts: [],
    stdin: null,
  } as const
  const { layer, exitCode } = await engine.steps.run(step, { step: 'test', emit: () => {} })
  if (layer === null) throw new Error(`rm ${pattern} exits ${exitCode}`)
  return layer
}

function psycopg2Names(root: string): readonly string[] {
  return readdirSync(join(root, debianSite)).filter((name) => name.startsWith('psycopg2'))
}

/** The files of Debian's package at the place, and with the record, that pip would give them. */
function installPsycopg2(root: string, upper: string): void {
  const from = join(root, debianSite, 'psycopg2')
  mkdirSync(join(upper, site), { recursive: true })
  cpSync(from, join(upper, site, 'psycopg2'), {
    recursive: true,
    filter: (path) => !path.includes('__pycache__'),
  })
  const names = readdirSync(from).filter((name) => name !== '__pycache__')
  const info = `${site}/psycopg2-2.9.5.dist-info`
  write(upper, `${info}/METADATA`, 'Metadata-Version: 2.1\nName: psycopg2\nVersion: 2.9.5\n')
  write(upper, `${info}/INSTALLER`, 'pip\n')
  const record = [
    ...names.map((name) => `psycopg2/${name},,`),
    'psycopg2-2.9.5.dist-info/METADATA,,',
  ]
  write(upper, `${info}/RECORD`, `${record.join('\n')}\n`)
}

function write(upper: string, path: string, text: string): void {
  mkdirSync(dirname(join(upper, path)), { recursive: true })
  writeFileSync(join(upper, path), text)
}

function app(health: string): string {
  return `import http.server, json, signal, sys
import psycopg2

version = psycopg2.extensions.libpq_version()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == '/health'
        body = json.dumps(${health} if found else {'error': 'not found'}).encode()
        self.send_response(200 if found else 404)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(('0.0.0.0', 5000), Handler).serve_forever()
`
}

async function subject(
  store: Store,
  options: {
    readonly name: string
    readonly layers: readonly LayerId[]
    readonly config: ContainerConfig
    readonly lines: readonly string[]
  },
): Promise<Subject> {
  const { name, layers, lines } = options
  const diffIds = await Promise.all(layers.map((id) => store.diffId(id, {})))
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {
      Cmd: ['python3', '/app/app.py'],
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      WorkingDir: '/app',
      ExposedPorts: { '5000/tcp': {} },
      ...options.config,
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: lines.map((created_by) => ({ created_by })),
  } as const
  return {
    name,
    id: store.putImage({ config, layers }),
    config,
    tree: store.tree(layers),
    baseLayers: 1,
    size: layers.reduce((sum, id) => sum + store.layer(id).size, 0),
  }
}
