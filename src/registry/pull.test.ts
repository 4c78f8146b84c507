import { describe, expect, onTestFinished, test } from 'vitest'
import { startHttpStub } from '../../test/support/http-stub.ts'
import {
  type Change,
  isLayer,
  offsetOf,
  platform,
  type ServedImage,
  serveImage,
} from '../../test/support/served-image.ts'
import { tempStore } from '../../test/support/temp-store.ts'
import { type Event, silent } from '../base/index.ts'
import { sha256 } from '../image/index.ts'
import { baseNotFound, pingRegistry, pullImage, type RegistrySettings } from './index.ts'

async function pullFrom(served: ServedImage, store = tempStore(), settings: RegistrySettings = {}) {
  return await pullImage(`${served.host}/x`, { store, platform, emit: silent, settings })
}

describe('a registry that is not what it should be', () => {
  test('the image itself is fine', async () => {
    const served = await serveImage()
    const store = tempStore()
    const image = await pullFrom(served, store)
    expect(await pullFrom(served, store)).toEqual(image)
    expect(served.seen.filter((seen) => isLayer(served, seen)).length).toBe(1)
    expect(image.config.config.Cmd).toEqual(['/hello'])
    expect(image.manifest).toBe(sha256(served.manifest))
  })

  test.each([
    [
      'another layer of the same length',
      (layer: Buffer) => Buffer.alloc(layer.length, 1),
      'DIGEST_MISMATCH',
    ],
    [
      'a layer that is too long',
      (layer: Buffer) => Buffer.concat([layer, Buffer.from('x')]),
      'SIZE_MISMATCH',
    ],
    ['a layer that is too short', (layer: Buffer) => layer.subarray(0, -10), 'SIZE_MISMATCH'],
  ])('%s is refused, and nothing of it stays', async (_, spoil, code) => {
    const served = await serveImage()
    const store = tempStore()
    served.spoil = (seen, response) => {
      if (!isLayer(served, seen)) return false
      const offset = offsetOf(seen)
      const body = spoil(served.layer).subarray(offset)
      response
        .writeHead(
          offset > 0 ? 206 : 200,
          offset > 0 ? { 'content-range': `bytes ${offset}-x/y` } : {},
        )
        .end(body)
      return true
    }
    const error: unknown = await pullFrom(served, store).catch((caught: unknown) => caught)
    // Garbage may be recognised as such before its digest is known.
    expect(error).toMatchObject({
      code: expect.stringMatching(new RegExp(`^(?:${code}|ARCHIVE_CORRUPT|TAR_.*)$`)),
    })
    expect(store.images()).toEqual([])
    expect(store.hasBlob(sha256(served.layer))).toBe(false)
    expect(await store.fsck({})).toEqual([])
  })

  test.each([true, false])(
    'a broken transfer goes on where it broke (Range obeyed: %s)',
    async (obeys) => {
      const served = await serveImage()
      let broken = 0
      served.spoil = (seen, response) => {
        if (!isLayer(served, seen)) return false
        const offset = obeys ? offsetOf(seen) : 0
        const headers = { 'content-length': served.layer.length - offset }
        response.writeHead(
          offset > 0 ? 206 : 200,
          offset > 0
            ? {
                ...headers,
                'content-range': `bytes ${offset}-${served.layer.length - 1}/${served.layer.length}`,
              }
            : headers,
        )
        broken += 1
        if (broken < 3)
          response.write(served.layer.subarray(offset, 100_000 * broken), () => response.destroy())
        else response.end(served.layer.subarray(offset))
        return true
      }
      expect((await pullFrom(served)).layers.length).toBe(1)
      expect(broken).toBe(3)
      const ranges = served.seen.flatMap((seen) =>
        isLayer(served, seen) ? [seen.headers.range] : [],
      )
      expect(ranges[0]).toBeUndefined()
      expect(ranges[2]).toMatch(/^bytes=[1-9]\d*-$/)
    },
  )

  test('too many requests: it waits as long as it is told', async () => {
    const served = await serveImage()
    let refused = 0
    served.spoil = (seen, response) => {
      if (!seen.url.includes('/manifests/') || refused >= 2) return false
      refused += 1
      response.writeHead(refused === 1 ? 429 : 503, { 'retry-after': '0' }).end()
      return true
    }
    expect((await pullFrom(served)).layers.length).toBe(1)
    expect(refused).toBe(2)
  })

  test('a manifest that is not what its digest says is refused', async () => {
    const served = await serveImage()
    served.spoil = (seen, response) => {
      if (!seen.url.includes('/manifests/')) return false
      response.writeHead(200, { 'docker-content-digest': sha256('other') }).end(served.manifest)
      return true
    }
    await expect(pullFrom(served)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    const byDigest = pullImage(`${served.host}/x@${sha256('wanted')}`, {
      store: tempStore(),
      platform,
      emit: silent,
    })
    await expect(byDigest).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })

  const layerType = 'application/vnd.oci.image.layer.v1.tar'
  const changes: readonly (readonly [string, Change, string])[] = [
    [
      'more layers than the configuration has',
      { config: (config) => Object.assign(config, { rootfs: { type: 'layers', diff_ids: [] } }) },
      'MANIFEST_INVALID',
    ],
    [
      'an index and a manifest at once',
      { manifest: (manifest) => Object.assign(manifest, { manifests: [] }) },
      'MANIFEST_INVALID',
    ],
    [
      'a manifest called an index',
      {
        manifest: (manifest) =>
          Object.assign(manifest, { mediaType: 'application/vnd.oci.image.index.v1+json' }),
      },
      'MANIFEST_INVALID',
    ],
    [
      'an artifact',
      {
        manifest: (manifest) =>
          Object.assign(manifest, {
            config: { mediaType: 'application/x', digest: sha256(''), size: 0 },
          }),
      },
      'NOT_AN_IMAGE',
    ],
    [
      'a digest that is a path',
      {
        manifest: (manifest) =>
          Object.assign(manifest, {
            layers: [{ mediaType: layerType, digest: 'sha256:../../x', size: 1 }],
          }),
      },
      'DIGEST_INVALID',
    ],
    [
      'a layer that lies elsewhere',
      {
        manifest: (manifest) =>
          Object.assign(manifest, {
            layers: [{ mediaType: layerType, digest: sha256(''), size: 1, urls: ['http://x'] }],
          }),
      },
      'NOT_AN_IMAGE',
    ],
  ]
  test.each(changes)('%s is refused', async (_, change, code) => {
    await expect(pullFrom(await serveImage(change))).rejects.toMatchObject({ code })
  })

  test('its words are shown without control characters', async () => {
    const served = await serveImage()
    const missing = pullImage(`${served.host}/x:none`, {
      store: tempStore(),
      platform,
      emit: silent,
    })
    await expect(missing).rejects.toThrow(/does not have .*x:none \(manifest \[31m unknown\)$/)
  })

  test('a manifest without end is not read to its end', async () => {
    const served = await serveImage()
    served.spoil = (seen, response) => {
      if (!seen.url.includes('/manifests/')) return false
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(65_536, ' '), more)
      }
      more()
      return true
    }
    await expect(pullFrom(served)).rejects.toThrow('over 4194304 bytes')
  })

  test('a pull that is aborted stops, and the store stays clean', async () => {
    const served = await serveImage()
    const store = tempStore()
    const stop = new AbortController()
    served.spoil = (seen, response) => {
      if (!isLayer(served, seen)) return false
      response
        .writeHead(200)
        .write(served.layer.subarray(0, 1000), () => stop.abort(new Error('stop')))
      return true
    }
    const pulling = pullImage(`${served.host}/x`, {
      store,
      platform,
      emit: silent,
      signal: stop.signal,
    })
    await expect(pulling).rejects.toThrow('stop')
    expect(store.images()).toEqual([])
    expect(await store.fsck({})).toEqual([])
  })
})

test('mirrors come before Docker Hub, and what they lack is asked of the next', async () => {
  const empty = await startHttpStub((_, response) => response.writeHead(404).end())
  onTestFinished(() => empty.close())
  const served = await serveImage()
  const server = await startHttpStub((seen, response) => {
    response
      .writeHead(307, {
        location: `http://${served.host}${seen.url.replace('/sub/v2/library/x/', '/v2/x/')}`,
      })
      .end()
  })
  onTestFinished(() => server.close())
  const events: Event[] = []
  const store = tempStore()
  const image = await pullImage('x', {
    store,
    platform,
    emit: (event) => events.push(event),
    settings: { mirrors: [`http://${empty.host}`, `http://${server.host}/sub`] },
  })
  expect(store.findImage('x')?.id).toBe(image.id)
  expect(events).toContainEqual(expect.objectContaining({ kind: 'notice', code: 'MIRROR_FAILED' }))
})

test('a registry that nobody runs is told at once, and what a build makes of it', async () => {
  const server = await startHttpStub(() => {})
  await server.close()
  expect(await pingRegistry(server.host, { timeoutMs: 3000 })).toMatchObject({
    answers: false,
    reason: expect.stringContaining('ECONNREFUSED'),
  })
  const error: unknown = await pullImage(`${server.host}/x`, {
    store: tempStore(),
    platform,
    emit: silent,
  }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  expect(baseNotFound('x', error)).toMatchObject({
    code: 'BASE_NOT_FOUND',
    kind: 'failed',
    hint: expect.stringMatching(/--bases stand-in.*jettison bases/),
  })
  const other = new Error('abort')
  expect(baseNotFound('x', other)).toBe(other)
})

test('a server that is silent is none, as soon as the time is over', async () => {
  const server = await startHttpStub(() => {})
  onTestFinished(() => server.close())
  expect(await pingRegistry(server.host, { timeoutMs: 200 })).toMatchObject({
    answers: false,
    reason: expect.stringContaining('did not answer in 200 ms'),
  })
})
