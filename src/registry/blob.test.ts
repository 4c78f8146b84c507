import { expect, onTestFinished, test } from 'vitest'
import { startHttpStub } from '../../test/support/http-stub.ts'
import { collect } from '../../test/support/temp-store.ts'
import { openHttp } from '../http/index.ts'
import { sha256 } from '../image/index.ts'
import { downloadBlob } from './blob.ts'
import { openSession, type Session } from './session.ts'

async function sessionFor(body: Buffer): Promise<Session> {
  const server = await startHttpStub((seen, response) => {
    const offset = Number(/bytes=(\d+)-/.exec(String(seen.headers.range))?.[1] ?? 0)
    const headers = offset > 0 ? { 'content-range': `bytes ${offset}-x/y` } : {}
    response.writeHead(offset > 0 ? 206 : 200, headers).end(body.subarray(offset))
  })
  const http = openHttp()
  onTestFinished(async () => {
    http.close()
    await server.close()
  })
  const endpoint = {
    registry: server.host,
    repository: 'x',
    bases: [new URL(`http://${server.host}/`)],
  }
  return openSession({ http, endpoint, actions: 'pull', credentials: undefined })
}

const promised = Buffer.from('what was promised')
const descriptor = { mediaType: 'x', digest: sha256(promised), size: promised.length }

test.each([
  ['itself', promised, null],
  ['other bytes', Buffer.from('What was promised'), 'DIGEST_MISMATCH'],
  ['more', Buffer.from('what was promised and more'), 'SIZE_MISMATCH'],
  ['less', Buffer.from('what was'), 'SIZE_MISMATCH'],
  ['nothing', Buffer.alloc(0), 'SIZE_MISMATCH'],
] as const)('the stream of a blob that is %s', async (_, body, code) => {
  const download = collect(downloadBlob(await sessionFor(body), descriptor))
  if (code === null) expect(await download).toEqual(promised)
  else await expect(download).rejects.toMatchObject({ code })
})

test('an empty blob is a blob', async () => {
  const empty = { mediaType: 'x', digest: sha256(''), size: 0 }
  expect(await collect(downloadBlob(await sessionFor(Buffer.alloc(0)), empty))).toEqual(
    Buffer.alloc(0),
  )
  const download = collect(downloadBlob(await sessionFor(promised), empty))
  await expect(download).rejects.toMatchObject({ code: 'SIZE_MISMATCH' })
})

test('a blob without end is cut off at the size that was promised', async () => {
  const server = await startHttpStub((_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(promised, more)
    }
    more()
  })
  onTestFinished(() => server.close())
  const http = openHttp()
  onTestFinished(() => http.close())
  const endpoint = {
    registry: server.host,
    repository: 'x',
    bases: [new URL(`http://${server.host}/`)],
  }
  const session = openSession({
    http,
    endpoint,

    actions: 'pull',
    credentials: undefined,
  })
  await expect(collect(downloadBlob(session, descriptor))).rejects.toMatchObject({
    code: 'SIZE_MISMATCH',
  })
})
