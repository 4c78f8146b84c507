import type { TreeEntry } from '../../../image/index.ts'
import type { Analysis, Classification } from '../../types.ts'
import type { Group, WhyGroup } from './types.ts'

export type Sorted = { readonly entry: TreeEntry; readonly verdict: Classification }

/** A category by its id or title, or a layer by its number (`layer 3` or `3`, 1 = lowest); undefined for anything else. */
export function whyGroup(
  analysis: Analysis,
  files: readonly Sorted[],
  name: string,
): WhyGroup | undefined {
  const lower = name.toLowerCase()
  const category = analysis.categories.find(
    ({ id, title }) => id === lower || title.toLowerCase() === lower,
  )
  if (category) {
    const inside = files.filter(({ verdict }) => verdict.category === category.id)
    const byLayer = grouped(inside, ({ entry }) => `layer ${entry.layer + 1}`)
    return {
      ...{ subject: 'category', name: category.id, title: category.title },
      ...{ bytes: category.bytes, files: category.files, ballast: category.ballast },
      ...described(inside, byLayer),
    }
  }
  const number = /^(?:layer[ :])?(\d+)$/.exec(lower)?.[1]
  const layer = number === undefined ? undefined : analysis.layers[Number(number) - 1]
  if (!layer) return undefined
  const inside = files.filter(({ entry }) => entry.layer === layer.index)
  return {
    ...{ subject: 'layer', name: `layer ${layer.index + 1}`, title: layer.createdBy },
    ...{ bytes: layer.bytes, files: layer.files, ballast: null },
    ...described(inside, byCategory(analysis, inside)),
  }
}

/** @param real where the directory is when its name leads through links */
export function whyDirectory(
  analysis: Analysis,
  files: readonly Sorted[],
  { name, real }: { readonly name: string; readonly real: string },
): WhyGroup {
  const below = real === '/' ? '/' : `${real}/`
  const inside = files.filter(({ entry }) => entry.path.startsWith(below))
  const ballast = new Set(analysis.categories.filter((one) => one.ballast).map(({ id }) => id))
  const wasted = inside.filter(({ verdict }) => ballast.has(verdict.category)).length
  return {
    ...{ subject: 'directory', name, title: real, files: inside.length },
    bytes: inside.reduce((sum, { entry }) => sum + entry.size, 0),
    ballast: wasted > 0 && wasted < inside.length ? null : wasted > 0,
    ...described(inside, byCategory(analysis, inside)),
  }
}

function byCategory({ categories }: Analysis, files: readonly Sorted[]): readonly Group[] {
  const titles = new Map(categories.map(({ id, title }) => [id, title]))
  return grouped(files, ({ verdict }) => titles.get(verdict.category) ?? verdict.category)
}

function described(
  files: readonly Sorted[],
  parts: readonly Group[],
): Pick<WhyGroup, 'evidence' | 'owners' | 'parts' | 'layers'> {
  return {
    layers: [...new Set(files.map(({ entry }) => entry.layer))].sort((a, b) => a - b),
    evidence: grouped(files, ({ verdict }) => `${verdict.evidence} (${verdict.confidence})`),
    owners: grouped(files, ({ verdict }) => verdict.what),
    parts,
  }
}

function grouped(files: readonly Sorted[], nameOf: (one: Sorted) => string): readonly Group[] {
  const groups = new Map<string, { name: string; bytes: number; files: number }>()
  for (const one of files) {
    const name = nameOf(one)
    const group = groups.get(name) ?? { name, bytes: 0, files: 0 }
    groups.set(name, group)
    group.bytes += one.entry.size
    group.files += 1
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
}
