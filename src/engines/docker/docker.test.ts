import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { collect, tarOf, tempFolder, tempStore } from '../../../test/support/temp-store.ts'
import { isFault, silent } from '../../base/index.ts'
import type { StoredImage } from '../../build/index.ts'
import { readTar } from '../../image/index.ts'
import type { Store } from '../../store/index.ts'
import { type DockerPlaces, findDockerEndpoint } from './endpoint.ts'
import { openDockerEngine } from './engine.ts'
import { handOver, takeOver } from './transfer.ts'

const nowhere: DockerPlaces = {
  ...{ host: null, context: null, tlsVerify: false, certPath: null },
  configDir: '/nowhere',
}

/** A context as `docker context create` writes it. */
function withContext(
  name: string,
  endpoint: unknown,
  files: Readonly<Record<string, string>> = {},
): string {
  const dir = tempFolder()
  const id = createHash('sha256').update(name).digest('hex')
  mkdirSync(join(dir, 'contexts/meta', id), { recursive: true })
  writeFileSync(
    join(dir, 'contexts/meta', id, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: endpoint } }),
  )
  mkdirSync(join(dir, 'contexts/tls', id, 'docker'), { recursive: true })
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(dir, 'contexts/tls', id, 'docker', file), text)
  return dir
}

test('the engine is where the client of Docker would look for it', () => {
  const usual = { kind: 'unix', path: '/var/run/docker.sock' }
  expect(findDockerEndpoint(nowhere)).toEqual(usual)
  const find = (over: Partial<DockerPlaces>) => findDockerEndpoint({ ...nowhere, ...over })
  expect(find({ host: 'unix:///run/my.sock' })).toEqual({ kind: 'unix', path: '/run/my.sock' })
  expect(find({ host: 'tcp://[::1]:99' })).toMatchObject({ host: '::1', port: 99, tls: null })
  expect(find({ host: 'tcp://h' })).toMatchObject({ host: 'h', port: 2375, tls: null })
  expect(find({ host: 'https://h' })).toMatchObject({ port: 2376, tls: { verify: true } })
  const configDir = withContext(
    'far',
    { Host: 'tcp://far:1', SkipTLSVerify: true },
    { 'ca.pem': 'CA' },
  )
  const far = { host: 'far', port: 1, tls: { verify: false, ca: Buffer.from('CA') } }
  expect(find({ configDir })).toEqual(usual)
  expect(find({ configDir, context: 'far' })).toMatchObject(far)
  writeFileSync(join(configDir, 'config.json'), '{"currentContext": "far"}')
  expect(find({ configDir })).toMatchObject(far)
  // The nearer word wins: a context that was named, and DOCKER_HOST before all.
  expect(find({ configDir, context: 'default' })).toEqual(usual)
  expect(find({ configDir, host: 'unix:///a', context: 'far' })).toMatchObject({ path: '/a' })
})

test.each([
  ['SSH', { host: 'ssh://me@far' }],
  ['a path that is none', { host: 'unix://relative' }],
  ['a context that is not there', { context: 'missing' }],
])('%s is no place to talk to', (_, over) => {
  expect(codeOf(() => findDockerEndpoint({ ...nowhere, ...over }))).toBe('DOCKER_ENDPOINT')
})

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    return isFault(error) ? error.code : String(error)
  }
  return undefined
}

test('an engine that is not there, or not one', async () => {
  const gone = openDockerEngine({ kind: 'unix', path: join(tempFolder(), 'sock') })
  await expect(gone.images({})).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE' })
  const { engine } = await stub(() => '<html>')
  await expect(engine.images({})).rejects.toMatchObject({ code: 'DOCKER_REFUSED' })
})

/** Answers of an engine on a socket; a Buffer that is given is what was sent. */
async function stub(answer: (method: string, path: string, body: Buffer) => unknown) {
  const path = join(tempFolder(), 'sock')
  const server = createServer(async (request, response) => {
    const said = answer(request.method ?? '', request.url ?? '', await collect(request))
    if (said === undefined) response.writeHead(404).end('{"message":"No such image: x"}')
    else
      response.end(typeof said === 'string' || Buffer.isBuffer(said) ? said : JSON.stringify(said))
  })
  server.listen(path)
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return { engine: openDockerEngine({ kind: 'unix', path }) }
}

async function twoLayers(store: Store): Promise<StoredImage> {
  const layers = ['one', 'two'].map((text) => {
    const draft = store.draftLayer()
    writeFileSync(join(draft.upper, text), text)
    return draft.publish().id
  })
  const config = { architecture: 'amd64', os: 'linux', created: '2026-01-01T00:00:00Z' } as const
  return store.commitImage({ ...config, config: {}, history: [] }, layers, {})
}

async function namesIn(archive: Buffer): Promise<readonly string[]> {
  const names: string[] = []
  const source = (async function* () {
    yield archive
  })()
  for await (const { header } of readTar(source)) names.push(header.name)
  return names
}

test('layers that the engine begins with are left out; when they have gone meanwhile, all is sent', async () => {
  const store = tempStore()
  const image = await twoLayers(store)
  const [low = '', high = ''] = image.config.rootfs.diff_ids
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`
  for (const gone of [false, true]) {
    const sent: Buffer[] = []
    const { engine } = await stub((_, path, body) => {
      if (path.startsWith('/info')) return { DriverStatus: [['Backing Filesystem', 'extfs']] }
      if (path === '/images/json') return [{ Id: `sha256:${'1'.repeat(64)}` }]
      if (path === `/images/sha256%3A${'1'.repeat(64)}/json`)
        return { Id: `sha256:${'1'.repeat(64)}`, RootFS: { Layers: [low] } }
      if (path.startsWith('/images/load')) {
        sent.push(body)
        return gone && sent.length === 1
          ? '{"error":"no such file"}\n'
          : '{"stream":"Loaded image: a:1\\n"}\n'
      }
      return { Id: image.id, RootFS: { Layers: image.config.rootfs.diff_ids } }
    })
    await handOver(engine, store, image, { names: ['a:1'], emit: silent })
    expect(sent.length).toBe(gone ? 2 : 1)
    const first = await namesIn(sent[0] ?? Buffer.alloc(0))
    expect(first).toContain(blob(high))
    expect(first).not.toContain(blob(low))
    if (gone) expect(await namesIn(sent[1] ?? Buffer.alloc(0))).toContain(blob(low))
  }
})

test('an engine with the store of containerd gets everything; one that loads something else is told apart', async () => {
  const store = tempStore()
  const image = await twoLayers(store)
  let sent = Buffer.alloc(0)
  const { engine } = await stub((_, path, body) => {
    if (path.startsWith('/info'))
      return { DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] }
    if (path.startsWith('/images/load')) {
      sent = Buffer.from(body)
      return ''
    }
    return { Id: image.id, RootFS: { Layers: [image.config.rootfs.diff_ids[0]] } }
  })
  await expect(handOver(engine, store, image, { names: [], emit: silent })).rejects.toMatchObject({
    code: 'DOCKER_REFUSED',
  })
  const names = await namesIn(sent)
  for (const digest of image.config.rootfs.diff_ids)
    expect(names).toContain(`blobs/${digest.replace(':', '/')}`)
})

test('an image that is here by its ID is not sent; what comes has no name', async () => {
  const store = tempStore()
  const image = await twoLayers(store)
  store.tag('b:1', image.id)
  const archive = await collect(store.save(['b:1'], { emit: silent }))
  const other = tempStore()
  let asked = 0
  const { engine } = await stub((_, path) => {
    if (path.endsWith('/get')) {
      asked += 1
      return archive
    }
    return path.includes('missing') ? undefined : { Id: image.id, RootFS: { Layers: [] } }
  })
  for (let times = 0; times < 2; times++)
    expect((await takeOver(engine, other, 'b:1', { emit: silent })).id).toBe(image.id)
  expect(asked).toBe(1)
  expect(other.findImage('b:1')).toBeUndefined()
  await expect(takeOver(engine, other, 'missing', { emit: silent })).rejects.toMatchObject({
    code: 'IMAGE_NOT_FOUND',
  })
  // Sent once more, damaged: nothing of it is to be seen.
  const empty = tempStore()
  const { engine: liar } = await stub((_, path) =>
    path.endsWith('/get') ? tarOf([{ name: 'x' }]) : { Id: image.id },
  )
  await expect(takeOver(liar, empty, 'b:1', { emit: silent })).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
  })
  expect(empty.images()).toEqual([])
})
