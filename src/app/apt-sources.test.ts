import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { debianMirrors, parseDeb822, parseOneLine } from './apt-sources.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function etcApt(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'etc-apt-'))
  folders.push(folder)
  mkdirSync(join(folder, 'sources.list.d'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const key = 'signed-by=/usr/share/keyrings/debian-archive-keyring.gpg'

test('mirrors of a machine with the one-line form, options and comments', () => {
  const folder = etcApt({
    'sources.list': [
      '# deb http://old.test/debian bookworm main',
      'deb [arch=amd64 trusted=yes] http://mirror.test/debian bookworm main contrib # here',
      'deb-src http://sources.test/debian bookworm main',
      'deb http://mirror.test/security bookworm-security main',
    ].join('\n'),
  })
  expect(debianMirrors('bookworm', folder)).toEqual([
    `deb [${key}] http://mirror.test/debian bookworm main`,
    `deb [${key}] http://mirror.test/debian bookworm-updates main`,
    `deb [${key}] http://mirror.test/security bookworm-security main`,
  ])
})

test('a machine of another Debian release offers its mirrors for the suite that is wanted', () => {
  const folder = etcApt({
    'sources.list.d/debian.sources': [
      'Types: deb deb-src',
      '# a comment in a stanza',
      'URIs: http://mirror.test/debian',
      'Suites: trixie',
      ' trixie-updates',
      'Components: main',
      '',
      'Types: deb',
      'URIs: http://off.test/debian-security',
      'Suites: trixie-security',
      'Components: main',
      'Enabled: no',
    ].join('\n'),
  })
  expect(debianMirrors('bookworm', folder)).toEqual([
    `deb [${key}] http://mirror.test/debian bookworm main`,
    `deb [${key}] http://mirror.test/debian bookworm-updates main`,
  ])
})

test.each([
  ['another distribution', 'deb http://ubuntu.test/ubuntu noble main universe'],
  ['an offline medium', 'deb cdrom:[Debian]/ bookworm main'],
  ['a third party that has no main', 'deb http://vendor.test/apt stable nightly'],
  ['nothing', ''],
])('no mirrors are taken from %s', (_, text) => {
  expect(debianMirrors('bookworm', etcApt({ 'sources.list': text }))).toEqual([])
})

test('files of the folder count only by their ending', () => {
  const line = 'deb http://mirror.test/debian bookworm main'
  expect(debianMirrors('bookworm', etcApt({ 'sources.list.d/a.list.save': line }))).toEqual([])
  expect(debianMirrors('bookworm', etcApt({ 'sources.list.d/a.list': line }))).not.toEqual([])
})

test('both forms read to the same values', () => {
  const oneLine = parseOneLine('deb http://a.test/d x main y')
  const deb822 = parseDeb822('types: deb\nuris: http://a.test/d\nsuites: x\ncomponents: main y\n')
  expect(oneLine).toEqual([{ uris: ['http://a.test/d'], suites: ['x'], components: ['main', 'y'] }])
  expect(deb822).toEqual(oneLine)
})
