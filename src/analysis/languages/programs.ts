import { formatSize } from '../../base/index.ts'
import type { FileTree, TreeEntry } from '../../image/index.ts'
import { symbolBytes } from '../elf/index.ts'
import { type ProgramParts, partsOf } from '../programs/index.ts'
import type { Package } from '../types.ts'
import { goClaims } from './go.ts'
import { rustClaims } from './rust.ts'
import type { Survey } from './survey.ts'
import type { Claim, LanguageFact, Reading } from './types.ts'

/** Go and Rust: programs that say what they were made of, and the toolchains and caches that made them. */
export function readCompiled(survey: Survey): Reading {
  const claims = [...goClaims(survey), ...rustClaims(survey)]
  const loose = new Map<string, Claim>()
  const packages: Package[] = []
  for (const entry of survey.marks('program')) {
    if (entry.kind !== 'file' || isClaimed(claims, entry)) continue
    const parts = partsOf(survey.tree, entry.path)
    if (!parts) continue
    packages.push(...componentsOf(entry.path, parts))
    loose.set(entry.path, programClaim(survey.tree, entry, parts))
  }
  return { claims, loose, packages }
}

function isClaimed(claims: readonly Claim[], entry: TreeEntry): boolean {
  const { path } = entry
  return claims.some(
    ({ root, classify }) =>
      path.startsWith(`${root}/`) && classify(path.slice(root.length + 1), entry) !== undefined,
  )
}

/** Libraries inside a program own no file: its bytes are counted once, as the program's. */
function componentsOf(path: string, { made, components }: ProgramParts): readonly Package[] {
  const manager = made === 'Rust' ? 'cargo' : 'go'
  return components.map(({ name, version }) => ({
    ...{ manager, name, version, path, depends: [], provides: [], files: [] },
  }))
}

function programClaim(
  tree: FileTree,
  { path, size }: TreeEntry,
  { made, components }: ProgramParts,
): Claim {
  let fact: LanguageFact | undefined
  return {
    root: path,
    classify: () => {
      fact ??= {
        ...{ category: 'app', what: path, confidence: 'A' },
        evidence: `${made}, ${components.length} modules, by its own record${strippable(tree, path, size)}`,
      }
      return fact
    },
  }
}

/** What `-ldflags "-s -w"` or `strip` would leave out, where it is worth a word. */
function strippable(tree: FileTree, path: string, size: number): string {
  const bytes = symbolBytes(tree, path)
  return bytes * 20 < size ? '' : `; ${formatSize(bytes)} of symbols could be stripped`
}
