import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleChanges } from '../support/bases.ts'
import { type Cli, cliOn, leftovers, writeFiles } from '../support/jettison.ts'
import { unpackedPackage } from '../support/unpacked-package.ts'

/** Docker's own limit: the most that an image of a Docker Engine can have. */
const most = 127

let world: string
let cli: Cli

beforeAll(() => {
  bundleChanges()
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-many-'))
  cli = cliOn(join(world, 'store'))
})

afterAll(() => {
  const left = leftovers(cli.store)
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

test.each(['auto', 'util-linux'])(
  `an image of ${most} layers is built on, copied from, mounted, run and looked into (isolation %s)`,
  async (isolation) => {
    const made = Array.from({ length: most - 3 }, (_, at) => `WORKDIR /d${at}\n`).join('')
    const app = writeFiles(join(world, isolation), {
      Dockerfile: `FROM scratch AS deep\nCOPY busybox /bin/\n${made}RUN ["/bin/busybox", "sh", "-c", "echo ${isolation} > /last"]\nFROM deep\nRUN --mount=type=bind,from=deep,target=/mnt,rw ["/bin/busybox", "sh", "-c", "echo x > /mnt/d0/x && /bin/busybox ls / /mnt > /seen"]\nCMD ["/bin/busybox", "cat", "/seen"]\nFROM scratch AS copied\nCOPY --from=deep / /\n`,
    })
    copyFileSync(join(unpackedPackage('busybox-static'), 'bin/busybox'), join(app, 'busybox'))
    const env = { JETTISON_ISOLATION: isolation }
    const name = `many-${isolation}`
    await cli.ok(['build', '-t', name, '--target', '1', app], { env })
    expect(JSON.parse(await cli.ok(['inspect', name]))[0].RootFS.Layers.length).toBe(most)
    const seen = await cli.ok(['run', '--name', name, name], { env })
    // Everything that each layer made, in the root and in the mount.
    for (let at = 0; at < most - 3; at++)
      expect(seen.split('\n').filter((line) => line === `d${at}`).length).toBe(2)
    await cli.ok(['cp', `${name}:/last`, join(world, 'last')])
    expect(readFileSync(join(world, 'last'), 'utf8')).toBe(`${isolation}\n`)
    await cli.ok(['cp', join(world, 'last'), `${name}:/d5/back`])
    await cli.ok(['rm', name])
    expect(await cli.ok(['analyze', name])).toContain(`${most} layers`)
    await cli.ok(['build', '-t', `${name}-copied`, '--target', 'copied', app], { env })
    expect(await cli.ok(['analyze', `${name}-copied`])).toContain('in 1 layer')
  },
)
