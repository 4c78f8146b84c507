import { expect, test } from 'vitest'
import { listTargets, outline } from '../build/index.ts'
import { outlineDocument, renderOutline, renderTargets, targetsDocument } from './calls.ts'

const text = `# VERSION is what to install
ARG VERSION=1.\${MINOR}
ARG MINOR=2
# BASE picks the base
ARG BASE=scratch
ARG UNUSED

# deps fetches things
FROM \${BASE} AS deps
ARG VERSION
# TOKEN_NAME names
ARG TOKEN_NAME=x\${VERSION}
RUN --mount=type=secret,id=npm,required --mount=type=ssh \\
    true

# unrelated
FROM scratch AS unrelated
ARG NOT_SHOWN=1
RUN --mount=type=secret,target=/run/foo/bar true

# final is the result
FROM --platform=linux/amd64 scratch AS final
ENV E=1
ARG FROM_ENV=\${E}
RUN --mount=type=ssh,id=deploy,required true
COPY --from=deps / /

FROM final
`

const source = { name: 'Dockerfile', text }
const platform = { os: 'linux', architecture: 'amd64' }
const outlineOf = (target: string | null) =>
  outline({ dockerfile: source, target, args: { MINOR: '3' }, platform })

// What BuildKit v0.34.2's frontend prints for this Dockerfile.
test('the outline of a target, with what the stages below it read', () => {
  expect(renderOutline(outlineOf('final'))).toBe(`TARGET:      final
DESCRIPTION: is the result

BUILD ARG    VALUE     DESCRIPTION
VERSION      1.        is what to install
BASE         scratch   picks the base
TOKEN_NAME   x1.       names
FROM_ENV     1         

SECRET   REQUIRED
npm      true

SSH       REQUIRED
default   
deploy    true

`)
  expect(outlineOf(null)).toMatchObject({ name: '', description: '' })
})

test('the outline as data: places by line, empty fields left out', () => {
  const document = outlineDocument(source, outlineOf('deps')) as Record<string, unknown>
  expect(document).toMatchObject({
    name: 'deps',
    description: 'fetches things',
    secrets: [
      {
        name: 'npm',
        required: true,
        location: { ranges: [13, 14].map((line) => ({ start: { line }, end: { line } })) },
      },
    ],
    ssh: [{ name: 'default' }],
    sources: [Buffer.from(text).toString('base64')],
  })
  expect(Object.keys(outlineDocument(source, outlineOf('unrelated')) as object)).toEqual([
    ...['name', 'args', 'secrets', 'sources'],
  ])
})

test('the targets', () => {
  expect(renderTargets(listTargets(source))).toBe(`TARGET    DESCRIPTION
deps      fetches things
unrelated 
final     is the result
(default) 
`)
  expect(targetsDocument(source, listTargets(source))).toMatchObject({
    targets: [
      { name: 'deps', base: '${BASE}' },
      { name: 'unrelated', base: 'scratch' },
      { name: 'final', platform: 'linux/amd64' },
      { default: true, base: 'final' },
    ],
  })
})
