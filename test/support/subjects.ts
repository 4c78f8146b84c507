import { type ContainerConfig, type FileTree, sha256 } from '../../src/image/index.ts'
import type { Subject } from '../../src/proof/index.ts'
import { memoryTree, type Spec } from './memory-tree.ts'

/** An image over in-memory layers; each layer's history line is `RUN test` unless `history` says otherwise. */
export function subjectOf(options: {
  readonly name: string
  readonly layers: readonly Readonly<Record<string, Spec>>[]
  readonly config?: ContainerConfig
  readonly baseLayers?: number
  readonly history?: readonly string[]
  readonly size?: number
}): Subject {
  return subjectOver(memoryTree(options.layers), options)
}

/** The same over any tree. */
export function subjectOver(
  tree: FileTree,
  options: {
    readonly name: string
    readonly config?: ContainerConfig
    readonly baseLayers?: number
    readonly history?: readonly string[]
    readonly size?: number
  },
): Subject {
  const lines = Array.from(
    { length: tree.layerCount },
    (_, at) => options.history?.[at] ?? 'RUN test',
  )
  return {
    name: options.name,
    id: sha256(options.name),
    config: {
      architecture: 'amd64',
      os: 'linux',
      config: options.config ?? {},
      rootfs: { type: 'layers', diff_ids: lines.map((line, at) => sha256(`${at} ${line}`)) },
      history: lines.map((created_by) => ({ created_by })),
    },
    tree,
    baseLayers: options.baseLayers ?? 1,
    size: options.size ?? 100,
  }
}
