import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, writeFiles } from '../support/jettison.ts'

/** Lean images that are broken where no request looks, and lean images that only look different. */

const base = 'python:3.11-slim'

type Proof = {
  readonly verdict: string
  readonly notExercised: readonly string[]
  readonly rungs: readonly {
    readonly rung: string
    readonly status: string
    readonly summary: string
    readonly evidence: readonly { readonly message: string; readonly path?: string }[]
  }[]
}

let jettison: Cli
let world: string

beforeAll(() => {
  jettison = storeWithBases([base])
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-attacks-'))
})

afterAll(() => {
  rmSync(world, { recursive: true, force: true })
})

/** A web app that answers with the text that `answer` makes, and is told nothing of what the attack takes away. */
function app(answer: string, start = ''): string {
  return `
import http.server, os, signal, sys, uuid
${start}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = (${answer}).encode() if self.path == "/" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))
http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
`
}

type Setting = {
  readonly files?: Readonly<Record<string, string>>
  readonly fat: readonly string[]
  readonly lean: readonly string[]
  readonly mutations?: string
  /** Keeps fat's first stage as a tagged image, as a project may. */
  readonly tagged?: readonly string[]
}

let made = 0

async function proofOf(setting: Setting): Promise<Proof> {
  made += 1
  const name = `proof-attack-${process.pid}-${made}`
  const tags: string[] = []
  const build = async (side: string, lines: readonly string[]): Promise<string> => {
    const dockerfile = [
      `FROM ${base}`,
      'WORKDIR /srv',
      ...lines,
      'EXPOSE 8000',
      'CMD ["python", "/srv/app.py"]',
    ]
    const folder = writeFiles(join(world, name, side), {
      'srv/app.py': app('"fine"'),
      ...setting.files,
      Dockerfile: `${dockerfile.join('\n')}\n`,
    })
    tags.push(`${name}:${side}`)
    await jettison.ok(['build', '--progress', 'quiet', '-t', `${name}:${side}`, folder])
    return `${name}:${side}`
  }
  try {
    if (setting.tagged) await build('stage', setting.tagged)
    const fat = await build('fat', setting.fat)
    const lean = await build('lean', setting.lean)
    const more = setting.mutations === undefined ? [] : ['--mutations', setting.mutations]
    const ran = await jettison.run(['prove', '--json', ...more, fat, lean])
    return JSON.parse(ran.stdout) as Proof
  } finally {
    await jettison.run(['rmi', ...tags])
  }
}

function failures({ rungs }: Proof): string {
  return rungs
    .filter(({ rung, status }) => status === 'fail' && rung !== 'P6' && rung !== 'P10')
    .flatMap(({ rung, evidence }) => evidence.map(({ message }) => `${rung} ${message}`))
    .join('\n')
}

const copy = 'COPY srv/ /srv/'
const pip = 'RUN pip install --no-cache-dir -q certifi==2024.2.2 markupsafe==2.1.5'
const site = '/usr/local/lib/python3.11/site-packages'

/** Each line is run in fat only, and breaks what the words after it must name. */
const lostInLean: readonly (readonly [string, string])[] = [
  ['RUN mkdir -p /var/log/app && chown 1000 /var/log/app', 'P2 /var/log/app is missing'],
  ['RUN mkdir -p /run/app', 'P2 /run/app is missing'],
  ['COPY model.bin /tmp/model.bin', 'P2 /tmp/model.bin is missing'],
  ['COPY model.bin /etc/ssl/certs/own.pem', 'P2 /etc/ssl/certs/own.pem is missing'],
  ['RUN useradd -r clerk', 'P2 user clerk is missing'],
  [
    'RUN apt-get --version && mkdir -p /usr/share/fonts/x && echo f >/usr/share/fonts/x/f.ttf',
    'P2 /usr/share/fonts/x/f.ttf is missing',
  ],
  [
    'RUN mkdir -p /usr/local/cargo/bin && cp /bin/true /usr/local/cargo/bin/rg',
    'bin/rg is missing',
  ],
  ['RUN echo o >/srv/filter.o', 'P2 /srv/filter.o is missing'],
  ['RUN chmod u+s /bin/cat', 'P2 /usr/bin/cat: another mode'],
  ['RUN echo "X = 1" >>/usr/local/lib/python3.11/colorsys.py', 'colorsys.py: another content'],
  [
    "RUN python -c \"import os; os.setxattr('/srv/tool', 'security.capability', bytes.fromhex('0100000200040000000000000000000000000000'))\"",
    'P2 /srv/tool: other file capabilities',
  ],
  [`RUN echo "# own" >>${site}/certifi/cacert.pem`, 'certifi/cacert.pem has another content'],
  [
    `RUN echo "# own" >>${site}/pip/_vendor/certifi/cacert.pem`,
    'pip/_vendor/certifi/cacert.pem has another content',
  ],
]

/** Each line is run in lean only. */
const brokenInLean: readonly (readonly [string, string])[] = [
  ['RUN rm -r /usr/share/zoneinfo/Europe', 'time zones of fat are not in lean: Europe/'],
  ['RUN rm -r /usr/lib/x86_64-linux-gnu/gconv', 'character sets of fat are not in lean'],
  ['RUN rm /usr/local/lib/python3.11/smtplib.py', 'P4 the standard library of Python 3.11'],
  ['RUN cp /bin/false /usr/local/sbin/date', 'P2 /usr/local/sbin/date is in lean only'],
  ['RUN echo "X = 1" >>/usr/local/lib/python3.11/chunk.py', 'chunk.py: another content'],
  [`RUN chmod 600 ${site}/markupsafe/py.typed`, 'py.typed cannot be read by every user'],
  ['RUN rm -r /usr/share/base-files/dot.bashrc', 'dot.bashrc, which /srv/app.py names, is missing'],
]

test('what no request asks for is missed all the same, each thing by name', async () => {
  const start = 'PATHS = ["/srv/filter.o", "/usr/share/base-files/dot.bashrc"]'
  const proof = await proofOf({
    files: { 'srv/app.py': app('"fine"', start), 'srv/tool': 'x', 'model.bin': 'x' },
    fat: [copy, pip, ...lostInLean.map(([line]) => line)],
    lean: [copy, pip, ...brokenInLean.map(([line]) => line)],
  })
  const found = failures(proof)
  expect(proof.verdict).toBe('DIFFERENT')
  for (const [, words] of [...lostInLean, ...brokenInLean]) expect(found).toContain(words)
  expect(found).not.toContain('P7')
})

test('what only looks different is equivalent, the worker works, and every mutant is caught', async () => {
  const project = {
    'p/pyproject.toml':
      '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "own"\nversion = "1.0"\n[tool.setuptools]\npackages = ["own"]\n',
    'p/own/__init__.py': 'x = 1\n',
  }
  const answer = '" ".join([INSTANCE, str(set("abcdef")), os.uname().nodename])'
  const proof = await proofOf({
    files: {
      ...project,
      'srv/app.py': app(
        answer,
        'INSTANCE = str(uuid.uuid4()); print(uuid.uuid4().hex, flush=True)',
      ),
      'srv/Procfile': 'web: python app.py\nworker: python worker.py\n',
      'srv/worker.py': 'import markupsafe\nprint("worked")\n',
    },
    fat: [
      'COPY srv/ p/ /srv/',
      'RUN mkdir /a && echo 1 >/a/1',
      'RUN mkdir /b && echo 2 >/b/2',
      'RUN pip install --no-cache-dir -q markupsafe==2.1.5',
      'RUN pip install --no-cache-dir -q certifi==2024.2.2',
      'RUN pip install --no-cache-dir -q .',
      'RUN touch -d 2001-01-01 /srv/app.py && ldconfig && mkdir /srv/.git && echo ref >/srv/.git/HEAD',
    ],
    lean: [
      'RUN mkdir /b && echo 2 >/b/2',
      'RUN mkdir /a && echo 1 >/a/1',
      pip.replace('install', 'install --no-compile'),
      'COPY srv/ p/ /srv/',
      'RUN cp -r /srv /tmp/w && pip install --no-cache-dir -q /tmp/w && rm -r /tmp/w',
    ],
    mutations: 'all',
  })
  expect(failures(proof)).toBe('')
  expect(proof.verdict, JSON.stringify(proof.rungs, null, 1)).toBe('EQUIVALENT')
  const [entrypoints, mutants] = ['P8', 'P9'].map((id) =>
    proof.rungs.find(({ rung }) => rung === id),
  )
  expect(entrypoints).toMatchObject({ status: 'pass' })
  expect(entrypoints?.evidence[0]?.message).toContain('python worker.py')
  expect(mutants?.evidence.filter(({ message }) => message.includes('no static rung'))).toEqual([])
  expect(mutants).toMatchObject({ status: 'pass' })
})

test('a worker of the compose file that breaks in lean is different', async () => {
  const proof = await proofOf({
    files: {
      'srv/compose.yaml':
        'services:\n  web:\n    build: .\n  worker:\n    build: .\n    command: python worker.py\n    environment:\n      QUEUE: a\n',
      'srv/worker.py': 'import os\nopen(os.path.join("/opt", os.environ["QUEUE"]) + ".txt")\n',
    },
    fat: [copy, 'RUN echo 1 >/opt/a.txt'],
    lean: [copy, 'RUN echo 1 >/opt/b.txt && ln -s nothing /opt/a.txt'],
  })
  expect(proof.verdict).toBe('DIFFERENT')
  expect(failures(proof)).toMatch(
    /P8 python worker\.py \(worker of compose\.yaml\) ends differently/,
  )
})

test('an earlier stage of the same app is no base, even when it has a tag', async () => {
  const proof = await proofOf({
    tagged: [copy, pip],
    fat: [copy, pip, 'RUN echo 1 >/srv/one'],
    lean: [copy, 'RUN echo 1 >/srv/one'],
  })
  expect(proof.verdict).toBe('DIFFERENT')
  expect(failures(proof)).toContain('P4 MarkupSafe 2.1.5 is missing in lean')
})

test('what fat repeats in every process is compared, whatever it looks like', async () => {
  const start = 'ZONE = "/opt/" + "seed"; SEED = open(ZONE).read()'
  const proof = await proofOf({
    files: { 'srv/app.py': app('str(uuid.uuid5(uuid.NAMESPACE_DNS, SEED))', start) },
    fat: [copy, 'RUN echo 1 >/opt/seed'],
    lean: [copy, 'RUN echo 2 >/opt/seed'],
  })
  expect(failures(proof)).toContain('P7 GET :8000/: body differs')
})
