import { expect, test } from 'vitest'
import { silent } from '../base/index.ts'
import { parseDigest } from '../image/index.ts'
import { absentLayers, absentName } from './absent.ts'
import { earlyFetches } from './early.ts'
import type { AbsentLayer, LayerId } from './ports.ts'

const io = { step: '', emit: silent }

function layer(digit: string, fetch: AbsentLayer['fetch']): AbsentLayer {
  const diffId = parseDigest(`sha256:${digit.repeat(64)}`)
  const archive = { mediaType: '', digest: diffId, size: 0 }
  return { id: absentName(diffId), diffId, archive, place: '', fetch }
}

test('a layer is fetched once, when it is first asked for, and all that wait hear of its name', async () => {
  const absent = absentLayers()
  let fetched = 0
  const one = layer('1', async () => {
    fetched += 1
    return 'here' as LayerId
  })
  const told: LayerId[] = []
  absent.add(one, (id) => told.push(id))
  // Of another image or cache: the same layer.
  absent.add({ ...one, fetch: () => Promise.reject(new Error('never asked')) }, (id) =>
    told.push(id),
  )
  const own = 'own' as LayerId
  expect(absent.known(one.id)).toBe(one.id)
  expect(absent.find(one.id)).toBe(one)
  expect(() => absent.here([own, one.id])).toThrow(/read before it is here/)
  const both = await Promise.all([absent.present([one.id, own], io), absent.present([one.id], io)])
  expect({ both, fetched, told }).toEqual({
    both: [['here', 'own'], ['here']],
    fetched: 1,
    told: ['here', 'here'],
  })
  expect(absent.here([one.id, own])).toEqual(['here', 'own'])
  expect(absent.find(one.id)).toBeUndefined()
  absent.add(one, (id) => told.push(id))
  expect(told.length).toBe(3)
})

test('a fetch that fails, fails for everybody, and waiting for the end does not', async () => {
  const absent = absentLayers()
  const bad = layer('2', () => Promise.reject(new Error('gone')))
  absent.add(bad)
  await expect(absent.present([bad.id], io)).rejects.toThrow('gone')
  await expect(absent.present([bad.id], io)).rejects.toThrow('gone')
  await absent.settled()
  expect(absent.find(bad.id)).toBe(bad)
})

test('a base is fetched early when something that its stage reads had to run, and not otherwise', () => {
  const needs = [[], [0], [], [1, 2]]
  const stages = needs.map((list) => ({ needs: list })) as unknown as Parameters<
    typeof earlyFetches
  >[0]['stages']
  const early = earlyFetches({ stages })
  const begun: number[] = []
  for (const at of needs.keys()) early.after(at, () => begun.push(at))
  early.ran(2)
  expect(begun).toEqual([3])
  early.ran(0)
  early.ran(0)
  expect(begun).toEqual([3, 1])
  early.after(3, () => begun.push(33))
  expect(begun).toEqual([3, 1, 33])
})
