import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startHttpStub } from '../../test/support/http-stub.ts'
import { isLayer, platform, type ServedImage, serveImage } from '../../test/support/served-image.ts'
import { tempFolder, tempStore } from '../../test/support/temp-store.ts'
import { silent } from '../base/index.ts'
import { openHttp } from '../http/index.ts'
import { answerChallenge } from './auth.ts'
import { dockerCredentials, pullImage, type RegistrySettings } from './index.ts'
import { openSession } from './session.ts'

async function pullFrom(served: ServedImage, store = tempStore(), settings: RegistrySettings = {}) {
  return await pullImage(`${served.host}/x`, { store, platform, emit: silent, settings })
}

describe('logging in', () => {
  /** A registry that wants a token from a server of its own. */
  async function tokenRegistry(realmOf: (host: string) => string) {
    const served = await serveImage()
    const issuer = await startHttpStub((_, response) =>
      response.end('{"token":"t0ken","expires_in":300}'),
    )
    onTestFinished(() => issuer.close())
    served.spoil = (seen, response) => {
      if (seen.url === '/v2/' || seen.headers.authorization === 'Bearer t0ken') return false
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="${realmOf(issuer.host)}",service="the \\"registry\\""`,
        })
        .end()
      return true
    }
    return { served, issuer }
  }

  test('a token is fetched for the repository, with the password when there is one, and used again', async () => {
    const { served, issuer } = await tokenRegistry((host) => `http://${host}/token?a=b`)
    await pullFrom(served)
    expect(issuer.seen.length).toBe(1)
    const asked = new URL(issuer.seen[0]?.url ?? '', 'http://x')
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      a: 'b',
      service: 'the "registry"',
      scope: 'repository:x:pull',
    })
    expect(issuer.seen[0]?.headers.authorization).toBeUndefined()

    await pullFrom(served, tempStore(), {
      credentials: () => Promise.resolve({ kind: 'password', username: 'u', password: 'p:w' }),
    })
    expect(issuer.seen[1]?.headers.authorization).toBe(
      `Basic ${Buffer.from('u:p:w').toString('base64')}`,
    )

    await pullFrom(served, tempStore(), {
      credentials: () => Promise.resolve({ kind: 'identity-token', token: 'refresh' }),
    })
    expect(issuer.seen[2]).toMatchObject({ method: 'POST' })
    expect(new URLSearchParams(issuer.seen[2]?.body.toString()).get('refresh_token')).toBe(
      'refresh',
    )
  })

  test.each(['http://169.254.169.254/token', 'file:///etc/passwd', ''])(
    'the token server %j is not asked',
    async (realm) => {
      const { served } = await tokenRegistry(() => realm)
      await expect(pullFrom(served)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:UNAUTHORIZED|REGISTRY_UNREACHABLE)$/),
      })
    },
  )

  test('a token goes to the registry and not to where its blobs are', async () => {
    const { served } = await tokenRegistry((host) => `http://${host}/token`)
    const storage = await startHttpStub((_, response) => response.end(served.layer))
    onTestFinished(() => storage.close())
    const { spoil } = served
    served.spoil = (seen, response) => {
      if (spoil(seen, response)) return true
      if (!isLayer(served, seen)) return false
      response.writeHead(307, { location: `http://${storage.host}/blob` }).end()
      return true
    }
    await pullFrom(served)
    expect(storage.seen.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  test.each([
    ['http://127.0.0.1:PORT/token', 'https://registry.test/v2/'],
    ['ftp://127.0.0.1:PORT/token', 'http://registry.test/v2/'],
  ])('a token server %s is not asked for %s', async (realm, url) => {
    const issuer = await startHttpStub((_, response) => response.end('{"token":"t"}'))
    onTestFinished(() => issuer.close())
    const http = openHttp()
    const header = `Bearer realm="${realm.replace('PORT', issuer.host.split(':')[1] ?? '')}"`
    const answer = {
      status: 401,
      headers: { 'www-authenticate': header },
      url: new URL(url),
      address: '127.0.0.1',
      body: (async function* () {})(),
      discard: () => {},
    }
    const request = { http, registry: 'registry.test', scopes: ['s'], credentials: undefined }
    await expect(answerChallenge(answer, request)).rejects.toThrow('which is not https')
    expect(issuer.seen).toEqual([])
    http.close()
  })

  test('a token that would break out of its header is none', async () => {
    const { served, issuer } = await tokenRegistry((host) => `http://${host}/token`)
    await issuer.close()
    const evil = await startHttpStub((_, response) => response.end('{"token":"a\\r\\nx: y"}'))
    onTestFinished(() => evil.close())
    served.spoil = (_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${evil.host}/"` }).end()
      return true
    }
    await expect(pullFrom(served)).rejects.toThrow('gave no token')
  })

  test('a session does not take its login to another address', async () => {
    const { served } = await tokenRegistry((host) => `http://${host}/token`)
    const other = await startHttpStub((_, response) => response.end())
    onTestFinished(() => other.close())
    const http = openHttp()
    const endpoint = {
      registry: served.host,
      repository: 'x',
      bases: [new URL(`http://${served.host}/`)],
    }
    const session = openSession({
      http,
      endpoint,
      actions: 'pull',
      credentials: undefined,
    })
    const own = await session.send({ method: 'GET', path: 'manifests/latest' })
    own.discard()
    const away = await session.send({ method: 'GET', path: new URL(`http://${other.host}/`) })
    away.discard()
    expect(served.seen.at(-1)?.headers.authorization).toBe('Bearer t0ken')
    expect(other.seen[0]?.headers.authorization).toBeUndefined()
    http.close()
  })

  test('credential helpers are asked for the host, and their names are no paths', async () => {
    const home = tempFolder()
    const write = (config: unknown) =>
      writeFileSync(join(home, 'config.json'), JSON.stringify(config))
    const bin = join(home, 'bin')
    mkdirSync(bin)
    const helper = join(bin, 'docker-credential-jettison-test')
    writeFileSync(
      helper,
      '#!/bin/sh\nread host\ncase $host in\n none) echo credentials not found in native keychain; exit 1;;\n bad) exit 3;;\n https://*) echo "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"$1 $host\\"}";;\n *) echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"$1 $host\\"}";;\nesac\n',
    )
    chmodSync(helper, 0o755)
    vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`)
    write({
      credsStore: 'jettison-test',
      auths: { none: { auth: Buffer.from('a:b:c').toString('base64') } },
    })
    const ask = dockerCredentials(home)
    expect(await ask('r.example')).toEqual({
      kind: 'password',
      username: 'u',
      password: 'get r.example',
    })
    expect(await ask('docker.io')).toEqual({
      kind: 'identity-token',
      token: 'get https://index.docker.io/v1/',
    })
    expect(await ask('none')).toEqual({ kind: 'password', username: 'a', password: 'b:c' })
    await expect(ask('bad')).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER_FAILED' })
    write({ credHelpers: { 'r.example': '../evil' } })
    await expect(dockerCredentials(home)('r.example')).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
    })
    write({
      credsStore: 'not-installed-here',
      auths: { 'https://index.docker.io/v1/': { identitytoken: 'id' } },
    })
    expect(await dockerCredentials(home)('docker.io')).toEqual({
      kind: 'identity-token',
      token: 'id',
    })
    expect(await dockerCredentials(join(home, 'missing'))('x')).toBeUndefined()
    writeFileSync(join(home, 'config.json'), '{')
    await expect(dockerCredentials(home)('x')).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
    })
  })
})
