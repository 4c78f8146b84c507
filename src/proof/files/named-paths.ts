import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { absentFile } from './absent-file.ts'
import { appTexts } from './imports.ts'

type Check = { readonly examined: number; readonly failures: readonly Evidence[] }

const absolute =
  /(?<![\w./:~<>*$}-])\/(?:usr|etc|opt|var|srv|home|root|lib|bin|sbin|tmp|run|data)\/[\w.+/-]*\w/g
const fontFile = /[\w-]+\.(?:ttf|ttc|otf|pfb)\b/g

/** Built with, and not run with: these name compilers and headers. */
const buildScript = /\/(?:setup\.py|conftest\.py|build\.\w+|Makefile)$|\/tests?\//

/**
 * Paths and fonts that the app's sources and settings name literally, that fat has and lean lacks, whoever owns them.
 * A path that is put together at run time is not seen.
 */
export function missingNamedPaths(fat: Side, lean: Side): Check {
  const failures: Evidence[] = []
  const seen = new Set<string>()
  const scripts = new Set(fat.programs().flatMap(({ script }) => script ?? []))
  for (const { path: from, text } of appTexts(fat)) {
    if (buildScript.test(from) || (/\.(?:sh|bash)$/.test(from) && !scripts.has(from))) continue
    for (const [name] of text.matchAll(absolute)) {
      if (seen.has(name)) continue
      seen.add(name)
      const entry = targetOf(fat.tree, name)
      if (entry && !targetOf(lean.tree, name)) failures.push(absent(name, from, entry, fat))
    }
    for (const [name] of text.matchAll(fontFile)) {
      if (seen.has(name)) continue
      seen.add(name)
      const entry = fontsOf(fat).get(name)
      if (entry && !fontsOf(lean).has(name)) failures.push(absent(name, from, entry, fat))
    }
  }
  return { examined: seen.size, failures }
}

const fonts = new WeakMap<Side, ReadonlyMap<string, TreeEntry>>()

/** What fontconfig and PIL find by its bare name. */
function fontsOf(side: Side): ReadonlyMap<string, TreeEntry> {
  const known = fonts.get(side)
  if (known) return known
  const places = ['/usr/share/fonts', '/usr/local/share/fonts']
  const found = new Map(
    places
      .flatMap((dir) => (entryAt(side.tree, dir) ? side.entries() : []))
      .filter(
        ({ path, kind }) => kind === 'file' && places.some((dir) => path.startsWith(`${dir}/`)),
      )
      .map((entry) => [entry.path.slice(entry.path.lastIndexOf('/') + 1), entry]),
  )
  fonts.set(side, found)
  return found
}

function absent(name: string, from: string, { path }: TreeEntry, fat: Side): Evidence {
  return absentFile(fat, path, { subject: name, needed: `${name}, which ${from} names,` })
}
