import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { silent } from '../src/base/index.ts'
import type { StoredImage } from '../src/build/index.ts'
import { readRegistryFiles } from '../src/config/index.ts'
import {
  dockerCredentials,
  login,
  pingRegistry,
  pullImage,
  pushImage,
  type RegistrySettings,
} from '../src/registry/index.ts'
import type { Store } from '../src/store/index.ts'
import { makeAuthority } from './support/certificates.ts'
import { findDockerRegistry, startDockerRegistry } from './support/docker-registry.ts'
import { configOf, platform } from './support/served-image.ts'
import { tempFolder, tempStore } from './support/temp-store.ts'

const found = findDockerRegistry()
const missing = 'missing' in found ? found.missing : ''

/** A registry that wants TLS, a certificate of ours and a password; and a machine whose `certs.d` has none yet. */
async function guarded() {
  const folder = tempFolder()
  const authority = makeAuthority(folder)
  const own = authority.issue('registry', 'IP:127.0.0.1,DNS:localhost')
  const bcrypt = execFileSync('perl', [
    '-e',
    'print crypt("s3cret", q($2b$05$abcdefghijklmnopqrstuu))',
  ])
  const server = await startDockerRegistry('program' in found ? found.program : '', {
    htpasswd: `jane:${bcrypt.toString()}`,
    tls: { ...own, clients: authority.ca.cert },
  })
  onTestFinished(() => server.close())
  const machine = tempFolder()
  const certs = join(machine, 'etc/docker/certs.d', server.host)
  mkdirSync(certs, { recursive: true })
  const client = authority.issue('client', 'DNS:client')
  const configDir = join(machine, 'home/.docker')
  const settings = (): RegistrySettings => ({
    ...readRegistryFiles({
      ...{ etc: join(machine, 'etc'), home: join(machine, 'home') },
      ...{ dockerConfig: configDir, registriesConf: null },
    }),
    credentials: dockerCredentials(configDir),
    retryMs: 3000,
  })
  return {
    ...{ host: server.host, machine, configDir, settings },
    trust: () => copyFileSync(authority.ca.cert, join(certs, 'ca.crt')),
    identify: () => {
      copyFileSync(client.cert, join(certs, 'client.cert'))
      copyFileSync(client.key, join(certs, 'client.key'))
    },
  }
}

async function makeImage(store: Store, body: string): Promise<StoredImage> {
  const draft = store.draftLayer()
  writeFileSync(join(draft.upper, 'file'), body)
  const { rootfs: _, ...config } = configOf([])
  return await store.commitImage(config, [draft.publish().id], {})
}

describe.skipIf(missing !== '')(
  `Debian's docker-registry over TLS${missing && ` (${missing})`}`,
  () => {
    test('certs.d has the authority and our certificate; login has the password', async () => {
      const { host, trust, identify, configDir, settings } = await guarded()
      const store = tempStore()
      const image = await makeImage(store, 'x')
      const push = () =>
        pushImage(`${host}/a`, image, { store, emit: silent, settings: settings() })
      const jane = { kind: 'password', username: 'jane', password: 's3cret' } as const

      // First we show no certificate, then no password.
      trust()
      await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
      identify()
      await expect(push()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
      expect(await pingRegistry(host, { timeoutMs: 5000, settings: settings() })).toMatchObject({
        answers: true,
      })
      await login(host, jane, { configDir, settings: settings() })
      const digest = await push()

      const other = tempStore()
      const options = { store: other, platform, emit: silent, settings: settings() }
      expect(await pullImage(`${host}/a`, options)).toMatchObject({
        id: image.id,
        manifest: digest,
      })
    })

    test('only our certificate: an authority that nobody named is not trusted', async () => {
      const { host, identify, settings } = await guarded()
      identify()
      const attempt = pullImage(`${host}/a`, {
        ...{ store: tempStore(), platform, emit: silent, settings: settings() },
      })
      await expect(attempt).rejects.toMatchObject({
        code: 'REGISTRY_UNREACHABLE',
        message: expect.stringContaining('no trusted connection'),
      })
    })

    test('a host that daemon.json calls insecure may show any certificate', async () => {
      const { host, machine, identify, configDir, settings } = await guarded()
      identify()
      writeFileSync(
        join(machine, 'etc/docker/daemon.json'),
        JSON.stringify({ 'insecure-registries': ['127.0.0.0/8'] }),
      )
      const jane = { kind: 'password', username: 'jane', password: 's3cret' } as const
      expect(await login(host, jane, { configDir, settings: settings() })).toBeNull()
    })
  },
)

describe.skipIf(missing !== '')(`Debian's docker-registry${missing && ` (${missing})`}`, () => {
  async function plain(): Promise<string> {
    const server = await startDockerRegistry('program' in found ? found.program : '')
    onTestFinished(() => server.close())
    return server.host
  }

  test('registries.conf: a mirror, another place for a name, and a block', async () => {
    const host = await plain()
    const store = tempStore()
    const image = await makeImage(store, 'moved')
    await pushImage(`${host}/copies/app:1`, image, { store, emit: silent })
    const machine = tempFolder()
    mkdirSync(join(machine, 'etc/containers'), { recursive: true })
    writeFileSync(
      join(machine, 'etc/containers/registries.conf'),
      `[[registry]]
prefix = "moved.example/team"
location = "${host}/copies"
[[registry]]
location = "gone.example"
[[registry.mirror]]
location = "${host}/copies"
[[registry]]
location = "bad.example"
blocked = true
`,
    )
    const home = join(machine, 'home')
    const files = readRegistryFiles({
      ...{ etc: join(machine, 'etc'), home, dockerConfig: home, registriesConf: null },
    })
    const pull = (name: string) =>
      pullImage(name, { store: tempStore(), platform, emit: silent, settings: files })
    for (const name of ['moved.example/team/app:1', 'gone.example/app:1'])
      expect(await pull(name)).toMatchObject({ id: image.id })
    await expect(pull('bad.example/app:1')).rejects.toMatchObject({ code: 'REGISTRY_BLOCKED' })
  })

  test('a layer that the registry has elsewhere is mounted and not sent again', async () => {
    const host = await plain()
    const store = tempStore()
    const image = await makeImage(store, 'once '.repeat(100_000))
    const sent: string[] = []
    const push = (name: string, from: Store, one: StoredImage) =>
      pushImage(`${host}/${name}`, one, {
        store: from,
        emit: (event) => event.kind === 'transfer' && sent.push(event.what),
      })
    const first = await push('team/one', store, image)
    expect(sent).not.toEqual([])
    sent.length = 0
    expect(await push('team/two', store, image)).toBe(first)
    expect(sent).toEqual([])

    // Another machine knows where it had it from, and passes on what it got byte for byte.
    const other = tempStore()
    const pulled = await pullImage(`${host}/team/two`, { store: other, platform, emit: silent })
    expect(await push('else/three', other, pulled)).toBe(first)
    expect(sent).toEqual([])
  })

  test('zstd, when asked for: another manifest, the same image', async () => {
    const host = await plain()
    const store = tempStore()
    const image = await makeImage(store, 'again '.repeat(100_000))
    const push = (algorithm: 'gzip' | 'zstd', level: number | null) =>
      pushImage(`${host}/${algorithm}`, image, {
        ...{ store, emit: silent, compression: { algorithm, level } },
      })
    const digests = [await push('gzip', null), await push('zstd', null), await push('zstd', 9)]
    expect(new Set(digests).size).toBe(3)
    expect(await push('gzip', null)).toBe(digests[0])
    const other = tempStore()
    for (const name of ['gzip', 'zstd'])
      expect(
        await pullImage(`${host}/${name}`, { store: other, platform, emit: silent }),
      ).toMatchObject({ id: image.id })
    expect(await other.fsck({})).toEqual([])
  })
})
