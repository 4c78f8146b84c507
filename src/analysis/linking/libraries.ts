import type { FileTree } from '../../image/index.ts'
import { realDirectory, realFile } from '../canonical.ts'
import { readElfAt } from '../elf/index.ts'
import { type Loader, loadersIn } from './loader.ts'

/** Libraries that a program of this tree can open by name, as `dlopen` and `ctypes.util.find_library` do. */
export type Libraries = {
  /** `libpq.so.5` → its real path. */
  byName(name: string): string | undefined
  /** `pq` → the real path of a `libpq.so*`, the versioned names first. */
  byStem(stem: string): string | undefined
}

const machines: readonly (readonly [number, 32 | 64])[] = [
  [62, 64],
  [183, 64],
  [40, 32],
  [3, 32],
  [243, 64],
  [21, 64],
  [22, 64],
]

/** The machine of the tree is that of its C library or, when there is none, the first that has a directory here. */
export function librariesOf(tree: FileTree): Libraries {
  const loader = loaderOfTree(tree)
  const byName = (name: string): string | undefined =>
    [...(loader.cache.get(name) ?? []), ...loader.directories.map((dir) => `${dir}/${name}`)]
      .map((path) => realFile(tree, path))
      .find((path) => path !== undefined && readElfAt(tree, path) !== undefined)
  const names = new Set(
    [
      ...loader.cache.keys(),
      ...loader.directories.flatMap((dir) => tree.readdir(realDir(tree, dir))),
    ].sort((a, b) => (a < b ? -1 : 1)),
  )
  return {
    byName,
    byStem: (stem) => {
      const versioned = [...names].filter((name) => name.startsWith(`lib${stem}.so.`))
      return [...versioned, `lib${stem}.so`].map(byName).find((path) => path !== undefined)
    },
  }
}

function loaderOfTree(tree: FileTree): Loader {
  const loaderOf = loadersIn(tree)
  const loaders = machines.map(([machine, bits]) => loaderOf({ machine, bits }))
  const has = (loader: Loader): boolean =>
    loader.directories.slice(0, 2).some((dir) => tree.readdir(realDir(tree, dir)).length > 0)
  return loaders.find(has) ?? loaderOf({ machine: 62, bits: 64 })
}

function realDir(tree: FileTree, dir: string): string {
  return realDirectory(tree, dir) ?? dir
}
