import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { expect, test } from 'vitest'
import { orphansOf } from '../src/analysis/bytes/orphans.ts'
import {
  kindOfPackage,
  type PackageDatabase,
  type PackageKind,
  systemPackages,
} from '../src/analysis/index.ts'
import { isForBuilding } from '../src/analysis/packages/index.ts'
import type { FileTree, TreeEntry } from '../src/image/index.ts'
import { openStore } from '../src/store/index.ts'
import { storeWithBases } from './support/bases.ts'
import { writeFiles } from './support/jettison.ts'

/**
 * The rules of packages on a root that a study of theirs has measured with another program: the same packages, the same
 * ones wanted. It takes minutes when the packages have to be fetched: `npm run packages`.
 */

const packages = 'build-essential git python3-dev python3-pip curl libpq-dev libssl-dev'
const wanted = 'python3 ca-certificates curl libpq5 libssl3 tzdata apt'
const dockerfile = `FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends ${packages}
RUN apt-mark showmanual | xargs apt-mark auto && apt-mark manual ${wanted}
`

/** Megabytes of rows that do not depend on how the packages were fetched. */
const studied: Readonly<Record<string, number>> = {
  tools: 176.8,
  'tool dependencies': 97.7,
  'headers and static libraries': 97.6,
  runtime: 70,
  vcs: 47.6,
  base: 34.4,
  locales: 32.3,
  bytecode: 24.2,
  docs: 14.5,
}

/** The study counts the libraries of binutils as tools, here they are dependencies of tools; updates add a little. */
const tolerance = 0.08

// biome-ignore lint/style/noProcessEnv: how a person asks vitest for more
test.skipIf(env['JETTISON_PACKAGES'] !== 'all')(
  'bytes of each kind are those of the study',
  async () => {
    const jettison = storeWithBases(['debian:bookworm'])
    const tag = `study-root-${process.pid}`
    const folder = mkdtempSync(join(tmpdir(), 'jettison-study-'))
    try {
      writeFiles(folder, { Dockerfile: dockerfile })
      await jettison.ok(['build', '--progress', 'quiet', '-t', tag, folder])
      const store = openStore(jettison.store)
      const tree = store.tree(store.findImage(tag)?.layers ?? [])
      const found = rowsOf(tree)
      for (const [row, megabytes] of Object.entries(studied)) {
        const ratio = (found.get(row) ?? 0) / megabytes
        expect.soft(ratio, row).toBeGreaterThan(1 - tolerance)
        expect.soft(ratio, row).toBeLessThan(1 + tolerance)
      }
    } finally {
      rmSync(folder, { recursive: true })
      await jettison.run(['rmi', tag])
    }
  },
)

function rowsOf(tree: FileTree): ReadonlyMap<string, number> {
  const database = systemPackages(tree)
  if (!database) throw new Error('no packages')
  const rowOf = sorter(tree, database)
  const rows = new Map<string, number>()
  const seen = new Set<string>()
  for (const entry of tree.walk()) {
    if (entry.kind !== 'file') continue
    const link = entry.hardlinkGroup && `${entry.layer}:${entry.hardlinkGroup}`
    if (link && seen.has(link)) continue
    if (link) seen.add(link)
    const row = rowOf(entry)
    rows.set(row, (rows.get(row) ?? 0) + entry.size / 1e6)
  }
  return rows
}

const ofKind: Readonly<Partial<Record<PackageKind, string>>> = {
  tool: 'tools',
  headers: 'headers and static libraries',
  'tool-library': 'tool dependencies',
  vcs: 'vcs',
  locales: 'locales',
  docs: 'docs',
  base: 'base',
}

/** As the study has it: of packages that leave everything leaves, of the others documentation and compiled Python. */
function sorter(tree: FileTree, database: PackageDatabase): (entry: TreeEntry) => string {
  const orphans = orphansOf(tree, database, new Set(), [])
  return ({ path }) => {
    const source = path.replace(/__pycache__\/([^/.]+)\.[^/]*\.pyc$/, '$1.py')
    const owner = database.ownerOf(path) ?? database.ownerOf(source)
    if (!owner) return 'nobody'
    if (path.endsWith('.pyc')) return 'bytecode'
    const kind = kindOfPackage(owner)
    if (isForBuilding(owner) || kind === 'tool-library') return ofKind[kind] ?? kind
    if (kind === 'runtime' && orphans.has(owner.name)) return 'tool dependencies'
    if (/^\/usr\/share\/(?:doc\/|man\/|info\/)/.test(path)) return 'docs'
    if (/^\/usr\/share\/(?:locale|i18n)\/|^\/usr\/lib\/locale\/(?!C\.)/.test(path)) return 'locales'
    return ofKind[kind] ?? 'runtime'
  }
}
