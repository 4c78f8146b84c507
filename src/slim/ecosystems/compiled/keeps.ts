import { compiledLanguages, dataFolder, installedCopy } from '../../../analysis/index.ts'
import { resolvePath } from '../../../image/index.ts'
import type { StageFacts } from '../../facts/index.ts'
import type { ProjectInput } from '../../types.ts'
import type { Artifacts } from './artifacts.ts'
import { flat, lineOf } from './claims.ts'

const buildFile =
  /\/(?:Dockerfile|Dockerfile\.[\w.-]+|[\w.-]+\.Dockerfile|\.dockerignore)$|\/\.(?:git|hg|svn|github|gitlab|circleci|vscode|idea|devcontainer)(?:\/|$)|\/\.git(?:ignore|attributes|modules)$/

const object = /\.(?:o|a|la)$/

/** Where `ldconfig` makes the links that the loader follows from the libraries that are there. */
const loaderLink = /^\/(?:usr\/(?:local\/)?)?lib(?:\/[\w-]+)?\/lib[^/]+\.so(?:\.\d+)*$/

/**
 * Decides for a path above the base whether the running app needs it. Programs and their own libraries stay wherever
 * they are; sources, objects and what a build keeps for itself go; whatever else a project has (templates, settings,
 * data) may be read at run time and stays.
 */
export function keepsOf(
  { facts, fatTree: tree }: ProjectInput,
  stage: StageFacts,
  { needed }: Artifacts,
): (path: string) => boolean {
  const lines = flat(stage.instructions.flatMap(({ run }) => run?.commands ?? [])).map(lineOf)
  const languages = compiledLanguages.filter(({ by }) => lines.some((line) => by.test(line)))
  return (path) => {
    const { path: real } = resolvePath(tree, path)
    if (needed.has(path)) return true
    if (loaderLink.test(path) && tree.lookup(path)?.kind === 'symlink') return false
    if (needed.has(real)) return true
    if (buildFile.test(path) || languages.some(({ leftovers }) => leftovers.test(path)))
      return false
    if (languages.length > 0 && object.test(path)) return false
    if (installedCopy(tree, path, facts.baseLayers) !== undefined) return false
    return dataFolder.test(path) || !languages.some(({ sources }) => sources.test(path))
  }
}
