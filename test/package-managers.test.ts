import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orphansOf } from '../src/analysis/bytes/orphans.ts'
import { type PackageDatabase, systemPackages } from '../src/analysis/index.ts'
import { automaticPackages } from '../src/analysis/packages/index.ts'
import type { FileTree } from '../src/image/index.ts'
import { openStore } from '../src/store/index.ts'
import { storeWithBases } from './support/bases.ts'
import { type Cli, writeFiles } from './support/jettison.ts'

/**
 * What dnf and zypper themselves write when they install from a repository, and what they say about it. Debian has
 * both; fetching them takes a while: `npm run packages`.
 */

// biome-ignore lint/style/noProcessEnv: how a person asks vitest for more
const wanted = env['JETTISON_PACKAGES'] === 'all'

/** A spec file on stdout. */
const spec = `name=$1
printf 'Name: %s\nVersion: 1\nRelease: 1\nSummary: x\nLicense: None\nBuildArch: noarch\nAutoReqProv: no\n' $name
printf "$2\n"
printf '%%%%description\nx\n%%%%install\nmkdir -p %%{buildroot}/opt/%s\necho x >%%{buildroot}/opt/%s/file\n' $name $name
printf '%%%%files\n/opt/%s\n' $name
`

const packages = {
  app: 'Requires: lib\\nRecommends: extra',
  lib: '',
  extra: '',
  make: 'Requires: helper',
  helper: '',
  later: 'Requires: marked',
  marked: '',
}

const repository = `FROM debian:bookworm-slim AS tools
RUN apt-get update && apt-get install -y --no-install-recommends rpm dnf createrepo-c zypper
COPY spec.sh /
WORKDIR /b
RUN ${Object.entries(packages)
  .map(([name, more]) => `sh /spec.sh ${name} '${more}' >${name}.spec`)
  .join(
    ' && ',
  )} && rpmbuild -bb --define '_topdir /b' --define '_rpmdir /b/repo' *.spec && createrepo_c repo
RUN echo '%_dbpath /var/lib/rpm' >/root/.rpmmacros
`

const dnf = 'dnf -y --installroot=/system --releasever=1 --repofrompath=local,/b/repo --repo=local'
const systems = {
  dnf: `RUN ${dnf} --nogpgcheck install app make later && ${dnf} mark install marked
RUN dnf --installroot=/system repoquery --installed --qf '%{name} %{reason}' >/system/told`,
  zypper: `RUN zypper --root /system --non-interactive addrepo -G file:///b/repo local \\
 && zypper --root /system --non-interactive --no-gpg-checks install app make later`,
}

let jettison: Cli
let folder: string
const tags: string[] = []

beforeAll(() => {
  if (!wanted) return
  jettison = storeWithBases(['debian:bookworm-slim'])
  folder = mkdtempSync(join(tmpdir(), 'jettison-managers-'))
})

afterAll(async () => {
  if (!wanted) return
  rmSync(folder, { recursive: true, force: true })
  await jettison.run(['rmi', ...tags])
})

async function installedBy(
  manager: keyof typeof systems,
): Promise<{ readonly tree: FileTree; readonly database: PackageDatabase }> {
  const tag = `package-managers-${manager}-${process.pid}`
  tags.push(tag)
  const dockerfile = `${repository}${systems[manager]}\nFROM scratch\nCOPY --from=tools /system /\n`
  writeFiles(folder, { 'spec.sh': spec, [manager]: dockerfile })
  const file = join(folder, manager)
  await jettison.ok(['build', '--progress', 'quiet', '-f', file, '-t', tag, folder])
  const store = openStore(jettison.store)
  const tree = store.tree(store.findImage(tag)?.layers ?? [])
  const database = systemPackages(tree)
  if (!database) throw new Error('no packages')
  return { tree, database }
}

const textIn = (tree: FileTree, path: string): string => new TextDecoder().decode(tree.read(path))

/** `helper` came for a build tool; `extra` was recommended by what stays. */
const left = new Set(['make', 'helper'])

test.skipIf(!wanted)('dnf 4', async () => {
  const { tree, database } = await installedBy('dnf')
  const told = textIn(tree, '/told')
    .split('\n')
    .flatMap((line) => /^(\S+) (?:weak-)?dependency$/.exec(line)?.[1] ?? [])
  expect(told.length, textIn(tree, '/told')).toBeGreaterThan(0)
  expect(new Set(database.packages.keys())).toEqual(new Set(Object.keys(packages)))
  expect(automaticPackages(tree, database, [])).toEqual({ names: new Set(told), recorded: true })
  expect(new Set(orphansOf(tree, database, new Set(), []).keys())).toEqual(left)
})

test.skipIf(!wanted)('zypper', async () => {
  const { tree, database } = await installedBy('zypper')
  expect(new Set(database.packages.keys())).toEqual(new Set(Object.keys(packages)))
  const { names, recorded } = automaticPackages(tree, database, [])
  expect(recorded).toBe(true)
  expect(names).toEqual(new Set(['lib', 'extra', 'helper', 'marked']))
  expect(new Set(orphansOf(tree, database, new Set(), []).keys())).toEqual(left)
})
