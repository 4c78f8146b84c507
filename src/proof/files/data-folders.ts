import type { Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { bringsOwnData } from './own-data.ts'

/** Folders whose files are opened by a name that a user or a request gives: a missing one shows only then. */
const folders: readonly {
  readonly pattern: RegExp
  readonly what: string
  readonly package: string
}[] = [
  { pattern: /^\/usr\/share\/zoneinfo\/(.+)$/, what: 'time zones', package: 'tzdata' },
  {
    pattern: /^\/usr\/lib\/(?:[\w-]+\/)?gconv\/(.+)\.so$/,
    what: 'character sets',
    package: 'libc6',
  },
  { pattern: /^\/usr\/lib\/locale\/([^/]+)\//, what: 'locales', package: 'locales' },
  { pattern: /^\/etc\/(protocols|rpc|ethertypes)$/, what: 'network names', package: 'netbase' },
]

/** Entries of such folders that fat has and lean lacks, one failure a folder with the names. */
export function missingFromFolders(fat: Side, lean: Side): readonly Evidence[] {
  const [before, after] = [namesOf(fat), namesOf(lean)]
  return folders.flatMap(({ what, package: name }, at): readonly Evidence[] => {
    const absent = [...(before[at] ?? [])].filter(([key]) => !after[at]?.has(key))
    const [first] = absent
    if (!first || bringsOwnData(fat, first[1])) return []
    const owner = fat.packages()?.ownerOf(first[1])?.name ?? name
    const listed = absent.slice(0, 4).map(([key]) => key)
    return [
      {
        message: `${absent.length} ${what} of fat are not in lean: ${listed.join(', ')}${absent.length > 4 ? ', …' : ''}`,
        subject: first[0],
        path: first[1],
        package: owner,
        fat: `${before[at]?.size} ${what}`,
        lean: `${after[at]?.size} ${what}`,
        missing: { kind: 'file', path: first[1], package: owner },
      },
    ]
  })
}

/** By folder: what is looked up, and the path where it is. */
function namesOf(side: Side): readonly ReadonlyMap<string, string>[] {
  const found = folders.map(() => new Map<string, string>())
  for (const { kind, path } of side.entries()) {
    if (kind === 'dir' || !/^\/(?:usr\/(?:share\/zoneinfo|lib)|etc)\//.test(path)) continue
    folders.forEach(({ pattern }, at) => {
      const name = pattern.exec(path)?.[1]
      if (name !== undefined) found[at]?.set(name, path)
    })
  }
  return found
}
