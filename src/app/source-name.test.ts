import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../test/support/temp-store.ts'
import { atOnce } from './image-source.ts'
import { archiveName, imagePlaces, nameFrom, notFoundHint } from './source-name.ts'

test('a place gives a name its transport, and a name with a transport keeps it', () => {
  expect(imagePlaces.map((place) => nameFrom(place, 'app:1'))).toEqual([
    ...['app:1', 'docker://app:1', 'docker-daemon:app:1', 'oci:app:1'],
  ])
  expect(nameFrom('archive', 'docker://app')).toBe('docker://app')
  expect(nameFrom(undefined, 'app')).toBe('app')
  expect(() => nameFrom('moon', 'app')).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

test.each([
  ['app.tar', 'app.tar', undefined],
  ['app.tar:team/app:1', 'app.tar', 'team/app:1'],
  ['./app.tar:app', 'app.tar', 'app'],
  ['docker-archive:app.tar', 'app.tar', undefined],
  ['docker-archive://app.tar', 'app.tar', undefined],
  ['oci:layout:app:1', 'layout', 'app:1'],
  ['oci-archive:odd:name', 'odd:name', undefined],
  ['oci:nothing:1', 'nothing:1', undefined],
  ['./nothing', 'nothing', undefined],
])('%s is an archive', (name, path, image) => {
  const folder = someFiles()
  expect(archiveName(name, folder)).toEqual({ path: join(folder, path), image })
})

test.each(['app', 'layout', 'nothing.tar', 'app.tar.old:1', 'team/app:1'])(
  '%s is the name of an image',
  (name) => expect(archiveName(name, someFiles())).toBe(undefined),
)

test.each([
  ['podman://app', 'podman save'],
  ['layout', 'oci:layout'],
  ['odd:name', './odd:name'],
  ['project', 'jettison build'],
  ['project/Dockerfile', 'jettison build'],
])('whoever writes %s is told of %s', (name, words) => {
  expect(notFoundHint(name, someFiles())).toContain(words)
})

test('a name that is like nothing here has the hint that every name has', () => {
  expect(notFoundHint('nothing', someFiles())).toBe(undefined)
})

test('work that is done at once is not begun when the signal came before', async () => {
  const aborter = new AbortController()
  const untilKilled = <T>(work: () => T): T => work()
  const { signal } = aborter
  expect(await atOnce({ signal, untilKilled }, () => 1)).toBe(1)
  // As a signal that came while nobody could hear it: its turn is the next one.
  setImmediate(() => aborter.abort(new Error('stopped')))
  const work = atOnce({ signal, untilKilled }, () => expect.unreachable())
  await expect(work).rejects.toThrow('stopped')
})

function someFiles(): string {
  const folder = tempFolder()
  for (const name of ['layout', 'project']) mkdirSync(join(folder, name))
  for (const name of ['app.tar', 'odd:name', 'layout/oci-layout', 'project/Dockerfile'])
    writeFileSync(join(folder, name), '')
  return folder
}
