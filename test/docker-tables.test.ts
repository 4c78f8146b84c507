import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeWithBases } from './support/bases.ts'
import type { Cli } from './support/jettison.ts'

const base = 'debian:bookworm-slim'

/** Docker's own client, whatever engine it would talk to. */
const client = ((): string | undefined => {
  try {
    return execFileSync('docker', ['--version'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
})()

type Listed = {
  readonly repository: string
  readonly tag: string
  readonly id: string
  readonly digest: string | null
  readonly created: string
  readonly size: number
}
type Entry = {
  readonly id: string | null
  readonly created: string
  readonly createdBy: string
  readonly size: number
  readonly comment: string
}

/** Scripts read these tables: the same images must look the same, to the byte, as Docker's client shows them. */
describe.skipIf(client === undefined)(
  'images and history are what the docker client prints',
  () => {
    let cli: Cli
    let engine: Server
    let host = ''

    beforeAll(async () => {
      cli = storeWithBases([base])
      const images = await read<readonly Listed[]>(['images', '--json', base])
      const history = await read<readonly Entry[]>(['history', '--json', base])
      engine = answering(images, history)
      await once(engine.listen(0, '127.0.0.1'), 'listening')
      host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`
    })

    afterAll(() => {
      engine?.close()
    })

    async function read<T>(args: readonly string[]): Promise<T> {
      return JSON.parse(await cli.ok(args)) as T
    }

    const docker = async (args: readonly string[]): Promise<string> => {
      const env = [`DOCKER_HOST=${host}`, 'DOCKER_CONTEXT=', 'DOCKER_TLS_VERIFY=']
      return (await promisify(execFile)('env', [...env, 'docker', ...args])).stdout
    }

    test.each(
      [
        ['images', base],
        ['images', '--digests', base],
        ['images', '--no-trunc', base],
        ['images', '-q', base],
        ['images', '--format', 'json', base],
        ['images', '--format', 'table {{.Tag}}\\t{{.CreatedAt}}\\t{{.Size}}', base],
        ['history', base],
        ['history', '--no-trunc', base],
        ['history', '--human=false', base],
        ['history', '-q', base],
        ['history', '--format', 'json', base],
      ].map((args) => ({ args, line: args.join(' ') })),
    )('$line', async ({ args }) => {
      const ours = await cli.ok(args)
      const theirs = await docker(args)
      // A minute may have passed between the two.
      expect(ours === theirs ? ours : await cli.ok(args)).toBe(theirs)
    })
  },
)

/** As much of an engine as the two commands ask. */
function answering(images: readonly Listed[], history: readonly Entry[]): Server {
  const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000)
  const listed = images.map(({ id, repository, tag, digest, created, size }) => ({
    ...{ Id: id, ParentId: '', Labels: null, Containers: -1, SharedSize: -1, Size: size },
    RepoTags: [`${repository}:${tag}`],
    RepoDigests: digest === null ? [] : [`${repository}@${digest}`],
    Created: seconds(created),
  }))
  const entries = history.map(({ id, created, createdBy, size, comment }) => ({
    ...{ Id: id ?? '<missing>', Tags: null, CreatedBy: createdBy, Size: size, Comment: comment },
    Created: seconds(created),
  }))
  return createServer(({ url = '' }, response) => {
    response.setHeader('Api-Version', '1.45')
    response.setHeader('Ostype', 'linux')
    if (url.endsWith('/_ping')) response.end('OK')
    else response.end(JSON.stringify(url.includes('/history') ? entries : listed))
  })
}
