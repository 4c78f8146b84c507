import { expect, test } from 'vitest'
import { tempFolder } from '../../../../test/support/temp-store.ts'
import { ownIdentity } from './identity.ts'
import { openRecords } from './records.ts'
import type { ContainerSpec } from './types.ts'

const finished = '2026-11-26T00:00:00Z'
const ended = {
  ...({ status: 'exited', exitCode: 0, signal: null, started: null, error: null } as const),
  finished,
}

test('a container that was to be removed is abandoned when its owner was killed while removing it', () => {
  const records = openRecords(tempFolder())
  const id = 'a'.repeat(64)
  const spec = { id, name: 'passing', removeOnExit: true, created: '' } as ContainerSpec
  const owner = ownIdentity()
  records.create(spec, { status: 'created', owner })
  expect(records.abandoned()).toEqual([])
  records.writeState(id, { ...ended, owner })
  expect(records.abandoned()).toEqual([])
  records.writeState(id, { ...ended, owner: { ...owner, start: '1' } })
  expect(records.abandoned().map((info) => info.spec.id)).toEqual([id])
})
