import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { findDockerRegistry, startDockerRegistry } from '../../test/support/docker-registry.ts'
import { startHttpStub } from '../../test/support/http-stub.ts'
import { tempFolder } from '../../test/support/temp-store.ts'
import { dockerCredentials, login, logout } from './index.ts'

const jane = { kind: 'password', username: 'jane', password: 's3cret:with:colons' } as const
const found = findDockerRegistry()
const missing = 'missing' in found ? found.missing : ''

/** A registry that takes jane's password and no other. */
async function guarded() {
  const bcrypt = execFileSync('perl', [
    '-e',
    'print crypt($ARGV[0], q($2b$05$abcdefghijklmnopqrstuu))',
    jane.password,
  ])
  const program = 'program' in found ? found.program : ''
  const server = await startDockerRegistry(program, { htpasswd: `jane:${bcrypt.toString()}` })
  onTestFinished(() => server.close())
  return server.host
}

function configWith(config: unknown): { readonly configDir: string; read(): unknown } {
  const configDir = join(tempFolder(), 'docker')
  mkdirSync(configDir)
  const path = join(configDir, 'config.json')
  writeFileSync(path, JSON.stringify(config), { mode: 0o644 })
  return { configDir, read: () => JSON.parse(readFileSync(path, 'utf8')) }
}

/** A credential helper that keeps what it is told in a file. */
function installHelper(): string {
  const folder = tempFolder()
  const script = `#!/bin/sh
case $1 in
  store) cat > '${folder}/kept' ;;
  get) cat > /dev/null; [ -e '${folder}/kept' ] && exec cat '${folder}/kept'
    echo 'credentials not found in native keychain'; exit 1 ;;
  erase) cat > /dev/null; rm '${folder}/kept' ;;
esac
`
  writeFileSync(join(folder, 'docker-credential-shelf'), script, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
  return join(folder, 'kept')
}

describe.skipIf(missing !== '')(
  `with Debian's docker-registry${missing && ` (${missing})`}`,
  () => {
    test('a login is kept as Docker keeps it, beside what else is in the file, and forgotten', async () => {
      const host = await guarded()
      const { configDir, read } = configWith({
        auths: { 'https://other.example/v2/': { auth: 'eDp5' } },
        HttpHeaders: { 'X-Own': '1' },
      })
      expect(await login(host, jane, { configDir, settings: {} })).toBeNull()
      const auth = Buffer.from(`${jane.username}:${jane.password}`).toString('base64')
      expect(read()).toEqual({
        auths: { 'https://other.example/v2/': { auth: 'eDp5' }, [host]: { auth } },
        HttpHeaders: { 'X-Own': '1' },
      })
      expect(statSync(join(configDir, 'config.json')).mode & 0o777).toBe(0o600)
      expect(readdirSync(configDir)).toEqual(['config.json'])
      expect(await dockerCredentials(configDir)(host)).toEqual(jane)

      expect(await logout(host, { configDir })).toBe(true)
      expect(await logout(host, { configDir })).toBe(false)
      expect(read()).toEqual({
        auths: { 'https://other.example/v2/': { auth: 'eDp5' } },
        HttpHeaders: { 'X-Own': '1' },
      })
    })

    test('a wrong password is refused, kept nowhere and shown nowhere', async () => {
      const host = await guarded()
      const configDir = join(tempFolder(), 'none')
      const wrong = { ...jane, password: 'wr0ng-one' }
      const error: unknown = await login(host, wrong, { configDir, settings: {} }).catch(
        (caught: unknown) => caught,
      )
      expect(error).toMatchObject({ code: 'UNAUTHORIZED' })
      expect(JSON.stringify(error) + String(error)).not.toContain('wr0ng')
      expect(existsSync(configDir)).toBe(false)
    })

    test.each(['credsStore', 'credHelpers'])(
      '%s: the helper keeps it, the file does not',
      async (by) => {
        const host = await guarded()
        const kept = installHelper()
        const { configDir, read } = configWith(
          by === 'credsStore' ? { credsStore: 'shelf' } : { credHelpers: { [host]: 'shelf' } },
        )
        expect(await login(host, jane, { configDir, settings: {} })).toBe('shelf')
        expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual({
          ServerURL: host,
          Username: jane.username,
          Secret: jane.password,
        })
        expect(read()).toMatchObject({ auths: { [host]: {} } })
        expect(JSON.stringify(read())).not.toContain('auth"')
        expect(await dockerCredentials(configDir)(host)).toEqual(jane)
        expect(await logout(host, { configDir })).toBe(true)
        expect(existsSync(kept)).toBe(false)
        expect(await dockerCredentials(configDir)(host)).toBeUndefined()
      },
    )

    test('a link stays a link; a helper that is not there is an error and not a file', async () => {
      const host = await guarded()
      const { configDir } = configWith({})
      const linked = tempFolder()
      symlinkSync(join(configDir, 'config.json'), join(linked, 'config.json'))
      await login(host, jane, { configDir: linked, settings: {} })
      expect(lstatSync(join(linked, 'config.json')).isSymbolicLink()).toBe(true)
      expect(await dockerCredentials(configDir)(host)).toEqual(jane)

      const absent = configWith({ credsStore: 'nowhere-to-be-found' })
      await expect(
        login(host, jane, { configDir: absent.configDir, settings: {} }),
      ).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER_FAILED' })
      expect(absent.read()).toEqual({ credsStore: 'nowhere-to-be-found' })
    })
  },
)

test('a token server is asked with the name and without a scope', async () => {
  const server = await startHttpStub((seen, response, host) => {
    if (seen.url.startsWith('/token')) {
      const good = seen.headers.authorization?.startsWith('Basic ') === true
      response.writeHead(good ? 200 : 401).end(JSON.stringify({ token: 't0ken' }))
    } else if (seen.headers.authorization === 'Bearer t0ken') response.writeHead(200).end()
    else
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` })
        .end()
  })
  onTestFinished(() => server.close())
  const { configDir } = configWith({})
  expect(await login(server.host, jane, { configDir, settings: {} })).toBeNull()
  expect(server.seen.map(({ url }) => url).filter((url) => url.startsWith('/token'))).toEqual([
    '/token?service=s',
  ])
})
