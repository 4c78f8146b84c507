import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findImage, openSession } from '../src/app/index.ts'
import { measureTransfer } from '../src/app/measure-transfer.ts'
import { silent } from '../src/base/index.ts'
import { readSettings } from '../src/config/index.ts'
import { findDockerRegistry, startDockerRegistry } from './support/docker-registry.ts'
import { cliOn, writeFiles } from './support/jettison.ts'

const found = findDockerRegistry()
const reason = 'missing' in found ? `, because ${found.missing}` : ''

test.skipIf('missing' in found)(
  `both images are pushed and pulled for real, and nothing is left${reason}`,
  async () => {
    const world = mkdtempSync(join(tmpdir(), 'jettison-measure-'))
    const store = join(world, 'store')
    const registry = await startDockerRegistry('program' in found ? found.program : '')
    try {
      const cli = cliOn(store)
      const project = writeFiles(join(world, 'project'), {
        Dockerfile: 'FROM scratch AS lean\nCOPY one /one\nFROM lean\nCOPY two /two\n',
        one: 'x'.repeat(1000),
        two: 'y'.repeat(100_000),
      })
      await cli.ok(['build', '-t', 'fat:1', project])
      await cli.ok(['build', '-t', 'lean:1', '--target', 'lean', project])
      const session = openSession({
        settings: readSettings({ root: store }, {}),
        emit: silent,
        signal: new AbortController().signal,
        monitorCommand: [],
      })
      const images = { fat: findImage(session, 'fat:1'), lean: findImage(session, 'lean:1') }
      const repository = `${registry.host}/measured`
      const { fat, lean } = await measureTransfer(session, repository, images)
      for (const seconds of [fat.pushSeconds, fat.pullSeconds, lean.pushSeconds, lean.pullSeconds])
        expect(seconds).toBeGreaterThan(0)
      const other = cliOn(join(world, 'other'))
      await other.ok(['pull', `${repository}:jettison-lean`])
      expect(JSON.parse(await other.ok(['image', 'ls', '--json']))).toMatchObject([
        { id: images.lean.id },
      ])
      expect(readdirSync(world).sort((a, b) => (a < b ? -1 : 1))).toEqual([
        'other',
        'project',
        'store',
      ])
    } finally {
      await registry.close()
      rmSync(world, { recursive: true, force: true })
    }
  },
)
