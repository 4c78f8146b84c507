import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPages } from '../src/app/explain.ts'
import { isFault } from '../src/base/index.ts'
import { applyEdits, parseDockerfile, printDockerfile } from '../src/dockerfile/index.ts'
import { lintDockerfile } from '../src/lint/index.ts'
import { dryBuild } from './support/dry-build.ts'
import { memoryTree } from './support/memory-tree.ts'

// `npm run mutations` is the full measure; a failing one is repeated with the seed that it printed.
// biome-ignore-start lint/style/noProcessEnv: how a person asks vitest for more
const runs = Number(process.env['JETTISON_MUTATIONS'] ?? 3000)
const seed = Number(process.env['JETTISON_SEED'] ?? Date.now() % 2 ** 31)
// biome-ignore-end lint/style/noProcessEnv: see above

const root = join(import.meta.dirname, '..')
const texts = [
  'test/golden/slim',
  'examples',
  '../shared/conformance/kaniko',
  '../shared/conformance/buildkit-parser',
].flatMap((folder) => dockerfilesOf(join(root, folder)))
const pages = readPages()
const context = memoryTree([{ '/app.py': 'x', '/requirements.txt': 'x', '/src/a.c': 'x' }])

/** Pieces that mean something to some instruction. */
const pieces = [
  ...['FROM scratch', 'FROM a AS b', 'COPY --from=0 / /', 'COPY . .', 'ADD http://x/y /', 'RUN '],
  ...['ENV a=b', 'ARG a', 'WORKDIR x', 'USER app:app', 'EXPOSE 1-70000', 'VOLUME ["/x"]', 'LABEL'],
  ...['ONBUILD ', 'HEALTHCHECK --interval=1s CMD x', 'SHELL ["x"]', 'STOPSIGNAL 999', 'MAINTAINER'],
  ...['--mount=type=cache,target=/x', '--mount=type=bind,from=b', '--mount=type=secret,id=x,env=Y'],
  ...['--chmod=u+x', '--chown=a:b', '--parents', '--exclude=*', '--link', '--checksum=sha256:0'],
  ...['--platform=$X', '--network=none', '--security=insecure', '--keep-git-dir', '--unpack'],
  ...['# escape=`', '# syntax=x', '# check=skip=all;error=true', '# check=experimental=', '#'],
  ...['<<EOF', '<<-"E F"', 'EOF', '${a:-b}', '${a:?no}', '${a//x/y}', '${a##*', '$', '$$', '["a",'],
  ...['\\', '`', '\n', '\r\n', '\t', ' ', '"', "'", '[', ']', ',', '=', ':', '/', '..', '*', '[a-'],
  ...[
    '\0',
    '\ufeff',
    '\u00a0',
    'é👽',
    '\ud800',
    '__proto__',
    'constructor',
    '-1',
    '99999999999999',
  ],
]

const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 }))
const arbitrary = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(''))
const keywords =
  'FROM ARG ENV LABEL RUN CMD ENTRYPOINT COPY ADD WORKDIR USER EXPOSE VOLUME STOPSIGNAL HEALTHCHECK SHELL ONBUILD'.split(
    ' ',
  )
const words = fc.array(fc.oneof(fc.constantFrom('/app.py', '.', '/x', 'a=b', '"y"'), piece), {
  maxLength: 4,
})
/** Flags that belong to an instruction, and what stands after them when all is well. */
const flagged: readonly (readonly [string, string, readonly string[]])[] = [
  ['RUN', 'true', ['--network=none', '--network=host', '--security=sandbox', '--device=x']],
  [
    'COPY',
    '/app.py /src/* /to/',
    ['--link', '--link=false', '--parents', '--exclude=[a', '--from=b'],
  ],
  [
    'ADD',
    '/app.py http://x/y /to/',
    ['--unpack', '--keep-git-dir', '--checksum=sha256:0', '--link'],
  ],
  [
    'COPY',
    './src/./a.c $X/',
    ['--chmod=u+x', '--chmod=0999', '--chown=app', '--chown=$X:7', '--from=0'],
  ],
  [
    'HEALTHCHECK',
    'CMD ["true"]',
    ['--interval=1s', '--timeout=${X}', '--retries=-1', '--start-period=9h'],
  ],
]
const mountOptions = [
  ...['type=bind', 'type=cache', 'type=tmpfs', 'type=secret', 'type=ssh', 'target=/x', 'target=x'],
  ...['from=b', 'from=0', 'source=/src', 'id=$X', 'ro', 'rw=no', 'uid=-1', 'mode=0999', 'size=1x'],
  ...['sharing=locked', 'sharing=no', 'env=Y', 'required', '"dst=/a,b"', 'tagret=/x', ''],
]
const mount = fc
  .array(fc.constantFrom(...mountOptions), { minLength: 1, maxLength: 4 })
  .map((options) => `--mount=${options.join(',')}`)
const withFlags = fc.constantFrom(...flagged).chain(([keyword, rest, flags]) =>
  fc
    .array(
      keyword === 'RUN' ? fc.oneof(mount, fc.constantFrom(...flags)) : fc.constantFrom(...flags),
      {
        maxLength: 3,
      },
    )
    .map((chosen) => `${[keyword, ...chosen, rest].join(' ')}\n`),
)
const line = fc.oneof(
  withFlags,
  fc
    .tuple(fc.constantFrom(...keywords), words)
    .map(([keyword, parts]) => `${[keyword, ...parts].join(' ')}\n`),
)
/** Begins well, so that what comes after is reached. */
const instructions = fc
  .tuple(
    fc.constantFrom('FROM scratch\n', 'ARG X\nFROM a AS b\n', 'FROM a AS b\nFROM b\n'),
    fc.array(line, { maxLength: 6 }),
  )
  .map(([from, lines]) => from + lines.join(''))
const kinds = ['cut', 'put', 'repeat', 'swap'] as const
const units = ['character', 'token', 'line'] as const
const mutation = fc.record({
  unit: fc.constantFrom(...units),
  kind: fc.constantFrom(...kinds),
  at: fc.nat(),
  other: fc.nat(),
  length: fc.integer({ min: 1, max: 3 }),
  piece,
})
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never
const mutated = fc
  .tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([text, mutations]) => mutations.reduce(mutate, text))

test('random and mutated Dockerfiles: no crash, no hang, every refusal has a place', async () => {
  const refused = new Map<string, number>()
  let built = 0
  const property = fc.asyncProperty(
    fc.oneof(
      { weight: 1, arbitrary },
      { weight: 4, arbitrary: instructions },
      { weight: 5, arbitrary: mutated },
    ),
    async (text) => {
      const refusals = await refusalsOf(text)
      if (refusals.length === 0) built += 1
      for (const code of new Set(refusals)) refused.set(code, (refused.get(code) ?? 0) + 1)
    },
  )
  await fc.assert(property, { numRuns: runs, seed })
  const counts = [...refused].sort((a, b) => b[1] - a[1])
  process.stderr.write(
    `${runs} Dockerfiles from ${texts.length}, seed ${seed}: ${built} build; refused: ${counts.map(([code, count]) => `${code} ${count}`).join(', ')}\n`,
  )
  // Neither all nor none: the inputs reach what they are to test.
  expect(built).toBeGreaterThan(0)
  expect(refused.size).toBeGreaterThan(10)
})

/** Codes of what was refused. Throws when something else than a refusal with a place and a page comes out. */
async function refusalsOf(text: string): Promise<readonly string[]> {
  const { value, diagnostics } = parseDockerfile(text)
  expect(printDockerfile(value)).toBe(text)
  for (const { code, range } of diagnostics) {
    expect(range.start).toBeGreaterThanOrEqual(0)
    expect(range.end).toBeGreaterThanOrEqual(range.start)
    expect(range.end).toBeLessThanOrEqual(text.length)
    expect(pages.has(code.toLowerCase()), code).toBe(true)
  }
  const source = { name: 'Dockerfile', text }
  const lint = async (): Promise<unknown> => lintDockerfile({ source, ignore: [] })
  const all = [lint, () => dryBuild(text, context)]
  const found = await Promise.all(all.map((work) => work().then(() => null, codeOf)))
  return found.filter((code) => code !== null)
}

function codeOf(error: unknown): string {
  if (!isFault(error)) throw error
  const { code, kind, at, message } = error
  // A file that a COPY names may be missing; an internal error or an undecided one is a crash.
  expect(['invalid', 'failed'], `${code}: ${message}`).toContain(kind)
  expect(at?.range, `${code} has no place: ${message}`).toBeDefined()
  expect(at?.source.name, code).toMatch(/^(?:Dockerfile|ONBUILD)$/)
  expect(at?.range?.end).toBeLessThanOrEqual(at?.source.text.length ?? -1)
  expect(pages.has(code.toLowerCase()), `${code} has no page`).toBe(true)
  return code
}

function mutate(text: string, { unit, kind, at, other, length, piece }: Mutation): string {
  const parts = text.split(
    { character: /(?:)/u, token: /(?<=[\s=:,"'[\]])/, line: /(?<=\n)/ }[unit],
  )
  const first = at % (parts.length + 1)
  const last = Math.min(parts.length, first + length)
  const start = parts.slice(0, first).join('').length
  const old = parts.slice(first, last).join('')
  const put = {
    cut: '',
    put: unit === 'line' ? `${piece}\n${old}` : piece + old,
    repeat: old + old,
    swap: parts[other % parts.length] ?? '',
  }[kind]
  return applyEdits(text, [{ range: { start, end: start + old.length }, text: put }])
}

function dockerfilesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?:^|\/)Dockerfile[^/]*$/.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.length < 20_000)
}
