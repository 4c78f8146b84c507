/** Ruby: installed gems, by their specifications. In: the entries of a tree. Out: names and versions. */
import type { TreeEntry } from '../../image/index.ts'
import { nameOf } from '../canonical.ts'

export type Gem = {
  readonly name: string
  readonly version: string
  /** Its specification. */
  readonly path: string
}

/** `…/specifications/NAME-VERSION[-PLATFORM].gemspec`, those that Ruby itself brings (`default/`) left out. */
export function rubyGems(entries: Iterable<TreeEntry>): readonly Gem[] {
  const out: Gem[] = []
  for (const { path, kind } of entries) {
    if (kind !== 'file' || !/\/specifications\/[^/]+\.gemspec$/.test(path)) continue
    const match = /^(.+?)-(\d[\w.]*(?:-[\w.-]+)?)\.gemspec$/.exec(nameOf(path))
    if (match) out.push({ name: match[1] ?? '', version: match[2] ?? '', path })
  }
  return out
}
