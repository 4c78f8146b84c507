import { languageFacts } from '../../src/analysis/languages/index.ts'
import type { LanguageFacts } from '../../src/analysis/languages/types.ts'
import { pythonEnvironments } from '../../src/analysis/python/index.ts'
import type { FileTree, ImageConfig } from '../../src/image/index.ts'
import { memoryTree, type Spec } from './memory-tree.ts'

export type Files = Readonly<Record<string, Spec>>

/** What `languageFacts` says about a tree of one layer. */
export function readLanguages(
  files: Files,
  config: ImageConfig['config'] = {},
): [FileTree, LanguageFacts] {
  const tree = memoryTree([files])
  const image: ImageConfig = {
    ...{ architecture: 'amd64', os: 'linux', history: [], config },
    rootfs: { type: 'layers', diff_ids: [] },
  }
  const environments = pythonEnvironments(tree, image)
  return [tree, languageFacts({ tree, config: image, environments })]
}

/** `category confidence` of every file, by path. */
export function kinds(
  files: Files,
  config: ImageConfig['config'] = {},
): Readonly<Record<string, string | undefined>> {
  const [tree, facts] = readLanguages(files, config)
  const out: Record<string, string | undefined> = {}
  for (const entry of tree.walk()) {
    if (entry.kind !== 'file') continue
    const fact = facts.of(entry)
    out[entry.path] = fact && `${fact.category} ${fact.confidence}`
  }
  return out
}

/** `manager name version` and the number of files of every package. */
export function packages(files: Files): readonly string[] {
  const [, facts] = readLanguages(files)
  return facts.packages.map(({ manager, name, version, files: own }) =>
    [manager, name, version, own.length].join(' '),
  )
}
