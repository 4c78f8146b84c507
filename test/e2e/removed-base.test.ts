import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, openSession, type Session } from '../../src/app/index.ts'
import { silent } from '../../src/base/index.ts'
import { readSettings } from '../../src/config/index.ts'
import { bundleChanges } from '../support/bases.ts'
import { type Cli, cliOn, writeFiles } from '../support/jettison.ts'
import { unpackedPackage } from '../support/unpacked-package.ts'

let world: string

beforeAll(() => {
  bundleChanges()
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-removed-'))
})

afterAll(() => {
  rmSync(world, { recursive: true, force: true })
})

/** A session whose build stops after it has found a base, for somebody else to do something meanwhile. */
function interrupted(store: string, meanwhile: () => Promise<void>): Session {
  const session = openSession({
    settings: readSettings({ root: store }, {}),
    emit: silent,
    signal: new AbortController().signal,
    monitorCommand: [],
  })
  const { bases } = session
  return {
    ...session,
    bases: {
      ...bases,
      find: async (reference, io) => {
        const image = await bases.find(reference, io)
        await meanwhile()
        return image
      },
    },
  }
}

test.each([
  ['rmi', ['rmi', '-f', 'below']],
  ['image prune', ['image', 'prune', '--all', '--force']],
  ['system prune', ['system', 'prune', '--all', '--force']],
])(
  'a base that %s removes while a build stands on it stays until the build is done',
  async (name, args) => {
    const cli: Cli = cliOn(join(world, name))
    const folder = writeFiles(join(world, `${name} app`), {
      'below.Dockerfile': 'FROM scratch\nCOPY busybox /bin/\n',
      Dockerfile: 'FROM below\nRUN ["/bin/busybox", "touch", "/made"]\n',
    })
    copyFileSync(join(unpackedPackage('busybox-static'), 'bin/busybox'), join(folder, 'busybox'))
    await cli.ok(['build', '-t', 'below', '-f', join(folder, 'below.Dockerfile'), folder])
    // Nothing but its name holds it.
    await cli.ok(['prune', '--all', '--force']).catch(() => {})
    const session = interrupted(cli.store, async () => {
      await cli.ok(args)
    })
    const result = await build(session, { context: folder, cwd: folder, tags: ['above'] })
    expect(result.ran).toBe(1)
    expect(session.store.findImage('below')).toBeUndefined()
    expect([...session.store.tree(result.image.layers).walk()].map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/bin/busybox', '/made']),
    )
    expect(await session.store.fsck({})).toEqual([])
  },
)
