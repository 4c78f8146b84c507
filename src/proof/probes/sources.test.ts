import { expect, test } from 'vitest'
import { isFault } from '../../base/index.ts'
import {
  fromOpenApi,
  fromReadme,
  type Probe,
  parseProbe,
  parseProbeFile,
  probeName,
} from './index.ts'

const names = (probes: readonly Probe[]): readonly string[] => probes.map(probeName)

test.each([
  [
    'POST http://:80/a {"b": [1, 2]} => 201',
    {
      method: 'POST',
      body: '{"b": [1, 2]}',
      expect: { status: 201 },
      headers: { 'content-type': 'application/json' },
    },
  ],
  [
    'http://:80/a x=1&y=2',
    {
      method: 'POST',
      body: 'x=1&y=2',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ],
  ['PUT http://:80/a "text"', { method: 'PUT', body: '"text"' }],
  ['http://:80/a => 404', { method: 'GET', expect: { status: 404 } }],
])('%s', (text, wanted) => {
  const probe = parseProbe(text)
  expect(probe).toMatchObject({ kind: 'http', port: 80, path: '/a', origin: 'given', ...wanted })
  expect('body' in probe).toBe('body' in wanted)
})

test('a probe file: texts, requests and commands', () => {
  const probes = parseProbeFile(
    {
      port: 5000,
      probes: [
        'http://:80/x => 204',
        { path: '/health' },
        {
          method: 'post',
          path: '/items',
          port: 81,
          body: { a: 1 },
          expect: { status: 201, contains: 'id' },
        },
        { path: '/', headers: { accept: 'text/html', 'x-n': 1 }, expect: { body: { ok: true } } },
        { cmd: 'python -V' },
        { cmd: ['a b'] },
      ],
    },
    'p.yaml',
    undefined,
  )
  expect(names(probes)).toEqual([
    'GET :80/x',
    'GET :5000/health',
    'POST :81/items {"a":1}',
    'GET :5000/',
    'cmd: python -V',
    'cmd: a b',
  ])
  expect(probes[2]).toMatchObject({ expect: { status: 201, contains: 'id' } })
  expect(probes[3]).toMatchObject({
    headers: { accept: 'text/html', 'x-n': '1' },
    expect: { body: '{"ok":true}' },
  })
  expect(names(parseProbeFile([{ path: '/' }], 'p.yaml', 8080))).toEqual(['GET :8080/'])
})

test.each<[unknown, string]>([
  [{ probes: [] }, 'probes must be a list'],
  [{ probes: [{ path: '/' }] }, 'probes[0].port is missing'],
  [{ port: 80, probes: [{ pth: '/' }] }, 'probes[0]: pth is unknown'],
  [{ port: 80, probes: [{ expect: { state: 1 } }] }, 'probes[0].expect: state is unknown'],
  [{ port: 80, probes: [{ path: 'x' }] }, 'a path starts with /'],
  [{ port: '80', probes: ['http://:1/'] }, 'port must be a number'],
  [{ port: 80, probes: [{ headers: { 'a b': 1 } }] }, 'is no header'],
  ['text', 'must be a mapping'],
])('%j is refused: %s', (value, why) => {
  const error = catching(() => parseProbeFile(value, 'p.yaml', undefined))
  expect(isFault(error) && error.code).toBe('PROBE_FILE_INVALID')
  expect(String(error)).toContain(why)
})

test('OpenAPI: what can be asked as it is documented, reads before writes, and what is left', () => {
  const document = {
    openapi: '3.1.0',
    servers: [{ url: 'https://api.example.org/v1/' }],
    components: {
      parameters: {
        Id: { name: 'id', in: 'path', required: true, schema: { type: 'integer', example: 7 } },
      },
      schemas: { Item: { example: { name: 'lamp' } } },
    },
    paths: {
      '/items': {
        get: { parameters: [{ name: 'q', in: 'query' }] },
        post: {
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
          },
        },
      },
      '/items/{id}': { parameters: [{ $ref: '#/components/parameters/Id' }], get: {}, delete: {} },
      '/search': {
        get: {
          parameters: [
            { name: 'q', in: 'query', required: true, examples: { one: { value: 'a b' } } },
          ],
        },
      },
      '/page': {
        get: {
          parameters: [
            { name: 'n', in: 'query', required: true, schema: { default: 1 } },
            { name: 'X-Kind', in: 'header', required: true, schema: { enum: ['k'] } },
          ],
        },
      },
      '/users/{name}': { get: {} },
      '/upload': { post: { requestBody: { content: { 'application/json': {} } } } },
    },
  }
  const { probes, left } = fromOpenApi(document, 'o.yaml', 8000)
  expect(names(probes)).toEqual([
    'GET :8000/v1/items',
    'GET :8000/v1/items/7',
    'GET :8000/v1/search?q=a%20b',
    'GET :8000/v1/page?n=1',
    'POST :8000/v1/items {"name":"lamp"}',
  ])
  expect(probes[3]?.headers).toEqual({ 'X-Kind': 'k' })
  expect(left).toEqual(['GET /users/{name}', 'POST /upload'])
})

test('OpenAPI: a local server has the port, Swagger 2 has a base path, a loop of references ends', () => {
  const paths = { '/a': { get: { parameters: [{ $ref: '#/paths/~1a/get/parameters/0' }] } } }
  expect(
    names(
      fromOpenApi({ openapi: '3.0.0', servers: [{ url: 'http://localhost:81' }], paths }, 'o', 8000)
        .probes,
    ),
  ).toEqual(['GET :81/a'])
  expect(names(fromOpenApi({ swagger: '2.0', basePath: '/b', paths }, 'o', 82).probes)).toEqual([
    'GET :82/b/a',
  ])
  for (const value of [{}, { openapi: '3.0.0' }, null, { openapi: '3.0.0', paths: {} }])
    expect(catching(() => fromOpenApi(value, 'o', 1))).toMatchObject({ code: 'PROBE_FILE_INVALID' })
})

test('README: curl lines and URLs, the published port turned into the inner one', () => {
  const text = `# app
\`\`\`sh
docker run -p 8080:5000 app
$ curl -s http://localhost:8080/items | jq .
curl -X POST -H 'Content-Type: application/json' \\
  -d '{"name": "lamp"}' http://localhost:8080/items
curl --json '{"a":1}' localhost:8080/json
curl -d a=1 -d b=2 http://127.0.0.1:8080/form
curl -I http://localhost:8080/head
curl -F file=@x http://localhost:8080/upload
curl -u me:pw http://localhost:8080/private
curl https://example.org/install.sh | sh
curl http://localhost:8080/items/<id>
\`\`\`
Open http://localhost:8080/docs. The API is at http://0.0.0.0:9000/api/{version}; see https://localhost/x.
`
  expect(names(fromReadme(text))).toEqual([
    'GET :5000/items',
    'HEAD :5000/head',
    'GET :5000/docs',
    'POST :5000/items {"name": "lamp"}',
    'POST :5000/json {"a":1}',
    'POST :5000/form a=1&b=2',
  ])
  const [, , , , , form] = fromReadme(text)
  expect(form?.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' })
  expect(names(fromReadme('see http://localhost:81/', new Map([[81, 80]])))).toEqual(['GET :80/'])
})

function catching(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
