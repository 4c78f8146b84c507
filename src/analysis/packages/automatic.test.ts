import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import { tempFolder } from '../../../test/support/temp-store.ts'
import type { Package, PackageDatabase } from '../types.ts'
import { readApk } from './apk.ts'
import { type Automatic, automaticPackages } from './automatic.ts'
import { reachableFrom } from './reachable.ts'

/** A package by its record in apk's database, and whether it is there for what `world` asks for. */
type Listed = readonly [record: string, wanted: boolean]

const alpine: readonly Listed[] = [
  ['P:musl\np:so:libc.musl-x86_64.so.1=1', true],
  ['P:busybox\nD:so:libc.musl-x86_64.so.1\np:/bin/sh cmd:sh=1', true],
  ['P:python3\nD:so:libpython3.12.so.1.0 cmd:sh', true],
  ['P:libpython3\np:so:libpython3.12.so.1.0=1.0', true],
  ['P:app\nD:python3~3.12 pc:libpq>=16 !app-old', true],
  ['P:libpq-dev\nD:libpq\np:pc:libpq=16', true],
  ['P:libpq', true],
  ['P:app-openrc\ni:app=1-r0 openrc', true],
  ['P:openrc', true],
  ['P:.build-deps\nD:gcc musl-dev', true],
  ['P:gcc\nD:gmp binutils', true],
  ['P:gmp', true],
  ['P:binutils', true],
  ['P:musl-dev', true],
  ['P:left\nD:left-libs', false],
  ['P:left-libs', false],
  ['P:app-doc\ni:app docs', false],
]
const world = 'app=1-r0\nbusybox>1.30\n.build-deps\nopenrc@edge\n!left\n'

const files = (list: readonly Listed[], more: Readonly<Record<string, Spec>>) =>
  memoryTree([
    {
      '/usr/lib/apk/db/installed': list
        .map(([record]) => `${record}\nV:1-r0\nA:x86_64`)
        .join('\n\n'),
      ...more,
    },
  ])

test('apk: what is asked for and what that needs, by every kind of name', () => {
  const tree = files(alpine, { '/etc/apk/world': world })
  const database = readApk(tree)
  if (!database) throw new Error('no database')
  const { names, recorded } = automaticPackages(tree, database, [])
  const asked = [...database.packages.values()].filter(({ name }) => !names.has(name))
  expect(recorded).toBe(true)
  expect(new Set(asked.map(({ name }) => name))).toEqual(
    new Set(['.build-deps', 'app', 'busybox', 'openrc']),
  )
  const reached = new Set([...reachableFrom(database, asked)].map(({ name }) => name))
  const expected = alpine
    .filter(([, wanted]) => wanted)
    .map(([record]) => /^P:(.+)$/m.exec(record)?.[1])
  expect(reached).toEqual(new Set(expected))
})

const database = (manager: Package['manager'], packages: readonly Partial<Package>[]) => {
  const all = packages.map(
    (one): Package => ({
      ...{ manager, name: '', version: '1', arch: 'x86_64', depends: [], provides: [], files: [] },
      ...one,
    }),
  )
  const found: PackageDatabase = {
    packages: new Map(all.map((one) => [one.name, one])),
    ownerOf: () => undefined,
  }
  return found
}

const rpm = database(
  'rpm',
  ['asked', 'brought', 'weak', 'grouped', 'by-rpm', 'marked', 'again'].map((name) => ({ name })),
)
const told = (tree: ReturnType<typeof memoryTree>): Automatic => automaticPackages(tree, rpm, [])

test.each([
  ['inline', (key: string, reason: string) => `"${key}" = {reason = "${reason}"}\n`],
  ['headers', (key: string, reason: string) => `[packages."${key}"]\nreason = "${reason}"\n\n`],
])('dnf 5: reasons as %s tables', (_, line) => {
  const reasons = {
    asked: 'User',
    brought: 'Dependency',
    weak: 'Weak Dependency',
    grouped: 'Dependency',
    marked: 'External User',
  }
  const toml = Object.entries(reasons).map(([name, reason]) => line(`${name}.x86_64`, reason))
  const folder = '/usr/lib/sysimage/libdnf5'
  const tree = memoryTree([
    {
      [`${folder}/packages.toml`]: `version = "1.0"\n[packages]\n${toml.join('')}`,
      [`${folder}/groups.toml`]:
        '[groups.core]\nuserinstalled = true\npackages = ["grouped", "x"]\n',
    },
  ])
  expect(told(tree)).toEqual({ names: new Set(['brought', 'weak']), recorded: true })
})

const python = '/usr/bin/python3'

const layouts = [
  'repo_id integer, replaced_by integer references trans_item(id)',
  'repo_id integer',
]

test.skipIf(!existsSync(python)).each(layouts)(
  'dnf 4: the last step that concerned a package decides (%s)',
  (columns) => {
    const path = join(tempFolder(), 'history.sqlite')
    // Tables as libdnf creates them; actions and reasons are its numbers.
    const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("create table rpm (item_id integer unique not null, name text not null, epoch integer, version text, release text, arch text)")
db.execute("create table trans_item (id integer primary key autoincrement, trans_id integer, item_id integer, /* the repository, */ " + sys.argv[2] + ", action integer not null, reason integer not null, state integer not null, constraint one unique (trans_id, item_id))")
install, upgrade, upgraded, remove, change = 1, 6, 7, 8, 11
dependency, user, weak, group = 1, 2, 4, 5
steps = [
  ("asked", install, user), ("brought", install, dependency), ("weak", install, weak), ("grouped", install, group),
  ("marked", install, dependency), ("again", install, user), ("again", remove, user), ("again", install, dependency),
  ("brought", upgrade, dependency), ("brought", upgraded, user), ("marked", change, user),
]
for number, (name, action, reason) in enumerate(steps, 1):
    db.execute("insert into rpm values (?, ?, 0, ?, '1', 'x86_64')", (number, name, str(number)))
    db.execute("insert into trans_item (trans_id, item_id, action, reason, state) values (1, ?, ?, ?, 1)", (number, action, reason))
db.commit()
`
    execFileSync(python, ['-c', script, path, columns])
    const tree = memoryTree([{ '/var/lib/dnf/history.sqlite': readFileSync(path) }])
    expect(told(tree)).toEqual({ names: new Set(['brought', 'weak', 'again']), recorded: true })
  },
)

test('zypper lists what it installed for others', () => {
  const tree = memoryTree([{ '/var/lib/zypp/AutoInstalled': '# generated\nbrought\nweak\n' }])
  expect(told(tree)).toEqual({ names: new Set(['brought', 'weak']), recorded: true })
})

test('without a record, what build tools depend on came by itself unless a line installs it', () => {
  const debian = database('dpkg', [
    { name: 'gcc-12', depends: [['libisl23'], ['libc6']] },
    { name: 'libisl23', depends: [['libgmp10']] },
    { name: 'libgmp10' },
    { name: 'libc6' },
    { name: 'curl', depends: [['libc6']] },
  ])
  const names = (history: readonly string[], files = {}): Automatic =>
    automaticPackages(memoryTree([files]), debian, history)
  expect(names([])).toEqual({ names: new Set(['libisl23', 'libgmp10', 'libc6']), recorded: false })
  const line = 'RUN /bin/sh -c apt-get update && apt-get install -y gcc libgmp10=2:6.2 && true'
  expect(names([line]).names).toEqual(new Set(['libisl23', 'libc6']))
  const log = `Start-Date: x\nCommandline: apt-get install -y gcc libisl23\nInstall: libgmp10:amd64\n`
  expect(names([], { '/var/log/apt/history.log': log }).names).toEqual(
    new Set(['libgmp10', 'libc6']),
  )
})
