import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useStepWorld } from '../../../test/support/step-world.ts'
import { isFault } from '../../base/index.ts'
import { findDevices } from './cdi.ts'
import { createEmbeddedEngine } from './engine.ts'

const steps = useStepWorld()
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jettison-cdi-'))
  const node = (path: string) => ({ deviceNodes: [{ path, hostPath: '/dev/zero' }] })
  const device = (name: string, more = {}) => ({
    name,
    containerEdits: node(`/dev/${name}`),
    ...more,
  })
  const open = { annotations: { 'org.mobyproject.buildkit.device.autoallow': 'true' } }
  const spec = {
    cdiVersion: '0.6.0',
    kind: 'vendor1.com/device',
    containerEdits: { env: ['FOO=injected'] },
    devices: [device('one'), device('two'), device('open', open)],
  }
  writeFileSync(join(folder, 'vendor1.json'), JSON.stringify(spec))
  writeFileSync(
    join(folder, 'vendor2.yaml'),
    `kind: vendor2.com/disk\nannotations:\n  org.mobyproject.buildkit.device.class: disks\ndevices:\n  - name: a\n    containerEdits:\n      mounts:\n        - hostPath: ${folder}\n          containerPath: /specs\n          options: [ro]\n`,
  )
})

afterAll(() => rmSync(folder, { recursive: true }))

const wanted = (name: string, over = {}) => ({ name, required: true, allowed: true, ...over })

test('a RUN has the devices, the variables and the folders that were described', async () => {
  const engine = createEmbeddedEngine({ store: steps.store, deviceFolders: [folder] })
  const devices = [wanted('vendor1.com/device=two'), wanted('disks')]
  const command =
    'ls /dev/one; head -c 3 /dev/two | od -An -tx1; echo $FOO; ls /specs; touch /specs/x'
  const { output } = await steps.run(command, { devices }, { engine })
  expect(output).toContain("cannot access '/dev/one'")
  expect(output).toContain(' 00 00 00\ninjected\nvendor1.json\nvendor2.yaml\n')
  expect(output).toContain('Read-only file system')
})

test('names: one, the first of a kind, all of a kind, a class', () => {
  const targets = (name: string) =>
    findDevices([wanted(name)], [folder]).mounts.map(({ target }) => target)
  expect(targets('vendor1.com/device=one')).toEqual(['/dev/one'])
  expect(targets('vendor1.com/device')).toEqual(['/dev/one'])
  expect(targets('vendor1.com/device=*')).toEqual(['/dev/one', '/dev/two', '/dev/open'])
  expect(targets('disks')).toEqual(['/specs'])
})

test('what is missing, and what was not allowed', () => {
  const code = (name: string, over = {}) => {
    try {
      findDevices([wanted(name, over)], [folder])
      return null
    } catch (error) {
      return isFault(error) ? error.code : error
    }
  }
  expect(code('vendor1.com/device=none')).toBe('DEVICE_MISSING')
  expect(code('vendor1.com/device=none', { required: false })).toBeNull()
  expect(code('vendor1.com/device=one', { allowed: false })).toBe('NOT_ALLOWED')
  expect(code('vendor1.com/device=open', { allowed: false })).toBeNull()
})
