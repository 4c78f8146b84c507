import { beforeAll, describe, expect, test } from 'vitest'
import {
  type Analysis,
  allElfFiles,
  analyzeImage,
  ballastCategories,
  type Classification,
  linkClosure,
} from '../src/analysis/index.ts'
import { findImage, openSession } from '../src/app/index.ts'
import { silent } from '../src/base/index.ts'
import { readSettings } from '../src/config/index.ts'
import type { FileTree, TreeEntry } from '../src/image/index.ts'
import { storeWithBases } from './support/bases.ts'

type Sorted = { readonly entry: TreeEntry; readonly found: Classification }

const references = ['python:3.11', 'python:3.11-slim']

describe.each(references)('every byte of %s', (reference) => {
  let tree: FileTree
  let analysis: Analysis
  const files = new Map<string, Sorted>()

  beforeAll(() => {
    const { store: root } = storeWithBases(references)
    const session = openSession({
      settings: readSettings({ root }, {}),
      emit: silent,
      signal: new AbortController().signal,
    })
    const image = findImage(session, reference)
    tree = session.store.tree(image.layers)
    analysis = analyzeImage({
      ...{ tree, config: image.config },
      onFile: (entry, found) => files.set(entry.path, { entry, found }),
    })
  })

  test('is counted once, in a category that something speaks for', () => {
    const links = new Set<string>()
    let bytes = 0
    for (const { kind, size, layer, hardlinkGroup } of tree.walk()) {
      if (kind !== 'file' || links.has(`${layer} ${hardlinkGroup}`)) continue
      if (hardlinkGroup !== undefined) links.add(`${layer} ${hardlinkGroup}`)
      bytes += size
    }
    expect(analysis.bytes).toBe(bytes)
    expect(sum(analysis.categories.map((one) => one.bytes))).toBe(bytes)
    for (const { bytes: whole, confidence } of analysis.categories)
      expect(confidence.A + confidence.B + confidence.C).toBe(whole)
    const mute = [...files.values()].filter(({ found }) => !/\w/.test(found.evidence))
    expect(mute.map(({ entry }) => entry.path)).toEqual([])
    const other = analysis.categories.find(({ id }) => id === 'other')?.bytes ?? 0
    expect(other).toBeLessThan(bytes / 100)
  })

  test('nothing that Python and its modules load is ballast', () => {
    const modules = [...allElfFiles(tree, '/usr/local/lib/python3.11/lib-dynload')]
    const roots = ['/usr/local/bin/python3.11', ...modules.map(({ path }) => path)]
    const loaded = [...linkClosure(tree, roots, { env: [] }).elves.keys()]
    expect(loaded.length).toBeGreaterThan(roots.length)
    const wrong = loaded.filter((path) => {
      const category = files.get(path)?.found.category
      return category !== undefined && ballastCategories.includes(category)
    })
    expect(wrong).toEqual([])
  })

  test('no name or place alone makes ballast', () => {
    const wrong = [...files.values()].filter(
      ({ found }) => found.confidence === 'C' && ballastCategories.includes(found.category),
    )
    expect(wrong.map(({ entry, found }) => `${entry.path}: ${found.evidence}`)).toEqual([])
  })

  test('a package weighs what lies on disk of the files it lists, and what was made of them', () => {
    const keyOf = (one: { readonly manager: string; readonly name: string }): string =>
      `${one.manager} ${one.name}`
    const weights = new Map(analysis.packageWeights.map((one) => [keyOf(one), one]))
    const claimed = new Set<string>()
    const exact: string[] = []
    for (const one of analysis.packages) {
      const listed = one.files.filter((path) => files.has(path) && !claimed.has(path))
      for (const path of listed) claimed.add(path)
      const bytes = sum(listed.map((path) => files.get(path)?.entry.size ?? 0))
      const weight = weights.get(keyOf(one))
      expect([keyOf(one), weight?.bytes]).toEqual([keyOf(one), expect.any(Number)])
      expect(weight?.bytes).toBeGreaterThanOrEqual(bytes)
      expect(sum(weight?.layers.map((layer) => layer.bytes) ?? [])).toBe(weight?.bytes)
      if (weight?.bytes === bytes) exact.push(keyOf(one))
    }
    expect(exact.length).toBeGreaterThan(analysis.packages.length / 2)
    const owned = [...files.values()].filter(({ found }) => found.package)
    expect(sum(analysis.packageWeights.map((one) => one.bytes))).toBe(
      sum(owned.map(({ entry }) => entry.size)),
    )
  })
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
