import type { FileTree } from '../../image/index.ts'
import { folded, join } from '../canonical.ts'
import { textAt } from '../text.ts'

/** A `.pth` file or the finder module of an editable install, and the places it puts on the import path. */
export type PathFile = {
  readonly path: string
  readonly targets: readonly { readonly path: string; readonly exists: boolean }[]
}

/**
 * Files of a site directory that point elsewhere: lines of `.pth` files (those that begin with `import` are code,
 * `#` are comments), and the MAPPING of setuptools' `__editable___*_finder.py`.
 */
export function pathFiles(tree: FileTree, site: string): readonly PathFile[] {
  return tree
    .readdir(site)
    .map((name) => ({ path: join(site, name), named: placesIn(tree, site, name) }))
    .filter(({ named }) => named.length > 0)
    .map(({ path, named }) => ({
      path,
      targets: named.map((place) => ({ path: place, exists: tree.lookup(place) !== undefined })),
    }))
}

function placesIn(tree: FileTree, site: string, name: string): readonly string[] {
  const finder = /^__editable___.*_finder\.py$/.test(name)
  if (!finder && !name.endsWith('.pth')) return []
  const text = textAt(tree, join(site, name), 1024 * 1024) ?? ''
  if (finder) {
    const mapping = /^MAPPING[^=\n]*=\s*\{([^}]*)\}/m.exec(text)?.[1] ?? ''
    return [...mapping.matchAll(/:\s*(['"])(\/[^'"]+)\1/g)].map((match) => match[2] ?? '')
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:#|import[ \t])/.test(line))
    .map((line) => folded(line.startsWith('/') ? line : `${site}/${line}`))
}
