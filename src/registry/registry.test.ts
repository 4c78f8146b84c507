import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findDockerRegistry, startDockerRegistry } from '../../test/support/docker-registry.ts'
import { configOf, platform } from '../../test/support/served-image.ts'
import { tempFolder, tempStore } from '../../test/support/temp-store.ts'
import { type Event, silent } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { dockerCredentials, pingRegistry, pullImage, pushImage } from './index.ts'

async function makeImage(store: Store, ...bodies: readonly string[]) {
  const layers = []
  for (const [n, body] of bodies.entries()) {
    const draft = store.draftLayer()
    writeFileSync(join(draft.upper, `file${n}`), body)
    layers.push(draft.publish().id)
  }
  const { rootfs: _, ...config } = configOf([])
  return await store.commitImage(
    { ...config, history: bodies.map((body) => ({ created_by: body.slice(0, 10) })) },
    layers,
    {},
  )
}

const registry = findDockerRegistry()
const why = 'missing' in registry ? registry.missing : ''
const program = 'program' in registry ? registry.program : ''

describe.skipIf(why !== '')(`Debian's docker-registry${why && ` (${why})`}`, () => {
  test('what is pushed is pulled, layer for layer', async () => {
    const server = await startDockerRegistry(program)
    onTestFinished(() => server.close())
    const store = tempStore()
    const image = await makeImage(store, 'one', 'two'.repeat(500_000))
    const reference = `${server.host}/team/app:1`
    const digest = await pushImage(reference, image, { store, emit: silent })
    expect(store.findImage(image.id)?.manifest).toBe(digest)

    const other = tempStore()
    const pulled = await pullImage(reference, { store: other, platform, emit: silent })
    expect(pulled).toMatchObject({ id: image.id, manifest: digest, config: image.config })
    expect(other.findImage(reference)?.id).toBe(image.id)
    // The root directory itself is in no layer archive.
    const paths = (each: Store, layers: typeof image.layers) =>
      [...each.tree(layers).walk()].flatMap(({ path, size, mode, mtime }) =>
        path === '/' ? [] : [{ path, size, mode, mtime }],
      )
    expect(paths(other, pulled.layers)).toEqual(paths(store, image.layers))
    expect(await other.fsck({})).toEqual([])

    const events: Event[] = []
    const again = await pullImage(`${server.host}/team/app@${digest}`, {
      store: other,
      platform,
      emit: (event) => events.push(event),
    })
    expect(again).toMatchObject({ id: pulled.id, layers: pulled.layers })
    expect(events.filter(({ kind }) => kind === 'transfer')).toEqual([])
    expect(
      await pushImage(`${server.host}/team/app:2`, again, { store: other, emit: silent }),
    ).toMatch(/^sha256:/)

    await expect(
      pullImage(`${server.host}/team/app:none`, { store, platform, emit: silent }),
    ).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await pingRegistry(server.host, { timeoutMs: 5000 })).toMatchObject({ answers: true })
  })

  test('a password is asked for when it is needed, from Docker’s configuration', async () => {
    const bcrypt = execFileSync('perl', [
      '-e',
      'print crypt("s3cret", q($2b$05$abcdefghijklmnopqrstuu))',
    ])
    const server = await startDockerRegistry(program, { htpasswd: `jane:${bcrypt.toString()}` })
    onTestFinished(() => server.close())
    const store = tempStore()
    const image = await makeImage(store, 'x')
    const anonymous = pushImage(`${server.host}/a`, image, { store, emit: silent })
    await expect(anonymous).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      hint: expect.stringContaining('jettison login'),
    })
    const home = tempFolder()
    const pushAs = async (password: string) => {
      const auth = Buffer.from(`jane:${password}`).toString('base64')
      const auths = { [server.host]: { auth } }
      writeFileSync(join(home, 'config.json'), JSON.stringify({ auths }))
      const settings = { credentials: dockerCredentials(home) }
      return await pushImage(`${server.host}/a`, image, { store, emit: silent, settings })
    }
    const error: unknown = await pushAs('wrong-pass').catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong-pass')
    expect(await pushAs('s3cret')).toMatch(/^sha256:/)
    expect(await pingRegistry(server.host, { timeoutMs: 5000 })).toMatchObject({ answers: true })
  })
})
