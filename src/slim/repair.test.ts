import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../test/support/memory-tree.ts'
import { readDpkg } from '../analysis/index.ts'
import type { Missing } from '../proof/index.ts'
import { type RepairWorld, repairPlan } from './repair.ts'
import type { Plan } from './types.ts'

type Files = Readonly<Record<string, Spec>>

const status = (...names: readonly string[]): string =>
  names
    .map(
      (name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n`,
    )
    .join('\n')

const release = (suite: string): string => `ID=debian\nVERSION_CODENAME=${suite}\n`

const fat: Files = {
  '/etc/os-release': release('bookworm'),
  '/var/lib/dpkg/status': `${status('tzdata', 'libc6', 'curl')}Depends: libc6 (>= 2)\n`,
  '/var/lib/dpkg/info/tzdata.list': '/usr/share/zoneinfo\n',
  '/var/lib/dpkg/info/curl.list': '/usr/bin/curl\n',
  '/var/lib/dpkg/info/libc6.list': '/lib/libc.so.6\n',
  '/lib/libc.so.6': 'x',
  '/usr/bin/curl': { text: 'x', mode: 0o755 },
  '/opt/model/a.bin': { text: 'x', uid: 1000, gid: 1000 },
  '/opt/model/b.bin': { text: 'x', uid: 1000, gid: 1000 },
  '/srv/data.txt': 'x',
}

function world(suite = 'bookworm'): RepairWorld {
  const tree = memoryTree([fat])
  const db = readDpkg(tree)
  if (!db) throw new Error('no package database')
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [] },
    history: [],
  } as const
  return { tree, db, config, leanTree: memoryTree([{ '/etc/os-release': release(suite) }]) }
}

const plan = (reference = 'python:3.11-slim'): Plan => ({
  ecosystem: 'python',
  chain: [0],
  builder: { name: 'builder' },
  runtime: { name: 'runtime', from: reference, reference },
  shared: [{ instruction: 0, builder: 'keep', runtime: [{ kind: 'system-packages' }] }],
  rest: [],
  manager: 'apt',
  runtimePackages: [],
  buildPackages: [],
  upgradesSystem: false,
  needsVersionControl: false,
  estimate: null,
  notes: [],
})

const file = (path: string): Missing => ({ kind: 'file', path })
const old: Missing = {
  kind: 'symbol-versions',
  library: '/lib/libc.so.6',
  versions: ['GLIBC_2.34'],
  neededBy: '/app/x',
}

test('packages that own what is missing are added once, with what for', () => {
  const missing = [
    file('/usr/share/zoneinfo'),
    { kind: 'program', name: '/usr/bin/curl' } as const,
    file('/usr/share/zoneinfo'),
  ]
  const repaired = repairPlan(plan(), missing, world())
  expect(repaired?.steps).toEqual([
    'added tzdata (for /usr/share/zoneinfo), curl (for /usr/bin/curl)',
  ])
  expect(repaired && repairPlan(repaired.plan, missing, world())).toBeUndefined()
})

test('a package that another added one depends on is not named', () => {
  const missing = [{ kind: 'library', soname: 'x', neededBy: 'y', package: 'libc6' } as const]
  const both = [...missing, { kind: 'program', name: '/usr/bin/curl' } as const]
  expect(repairPlan(plan(), both, world())?.steps).toEqual(['added curl (for /usr/bin/curl)'])
})

test('files that no package owns are copied from the builder with their owner, once', () => {
  const missing = ['/opt/model/b.bin', '/srv/data.txt', '/opt/model/a.bin', '/nowhere'].map(file)
  const repaired = repairPlan(plan(), missing, world())
  expect(repaired?.steps.join()).toMatch(
    /^copied \/opt\/model\/a\.bin, \/opt\/model\/b\.bin, \/srv\/data\.txt from the builder/,
  )
  expect(repaired?.plan.shared[0]?.runtime.slice(1)).toEqual([
    {
      kind: 'text',
      text: 'COPY --from=builder --chown=1000:1000 /opt/model/a.bin /opt/model/b.bin /opt/model/',
    },
    { kind: 'text', text: 'COPY --from=builder /srv/data.txt /srv/' },
  ])
  expect(repaired && repairPlan(repaired.plan, missing, world())).toBeUndefined()
})

test.each([
  ['debian:bullseye-slim', 'debian:bookworm-slim'],
  ['python:3.11-slim', 'python:3.11-slim-bookworm'],
  [
    'registry.example:5000/a/node:22-bullseye-slim',
    'registry.example:5000/a/node:22-bookworm-slim',
  ],
])('symbols of another release: %s becomes %s, before anything else is tried', (from, to) => {
  const repaired = repairPlan(plan(from), [file('/usr/share/zoneinfo'), old], world('bullseye'))
  expect(repaired?.plan.runtime).toEqual({ name: 'runtime', from: to, reference: to })
  expect(repaired?.plan.runtimePackages).toEqual([])
  expect(repaired?.steps).toEqual([
    `based the runtime on ${to} (/lib/libc.so.6 of bullseye lacks GLIBC_2.34)`,
  ])
})

test('symbols of the same release come with their package; what nobody has changes nothing', () => {
  expect(repairPlan(plan(), [old], world())?.steps).toEqual([
    'added libc6 (for /lib/libc.so.6 with GLIBC_2.34)',
  ])
  expect(
    repairPlan(plan(), [file('/nowhere'), { kind: 'user', name: 'x' }], world()),
  ).toBeUndefined()
})
