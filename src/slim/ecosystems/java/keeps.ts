import { classesContain } from '../../../analysis/index.ts'
import type { FileTree } from '../../../image/index.ts'
import { entriesOf } from '../../system/index.ts'
import type { ProjectInput } from '../../types.ts'
import type { JavaStart } from './start.ts'

const buildFile =
  /\/(?:pom\.xml|dependency-reduced-pom\.xml|mvnw(?:\.cmd)?|build\.xml|build\.sbt|gradlew(?:\.bat)?|(?:build|settings)\.gradle(?:\.kts)?|gradle\.properties)$/

const source = /\.(?:java|kt|kts|scala|groovy|gradle)$/

/** Of a project's folder: what a build reads and writes. */
const ofBuild = /^\/(?:src|target|build|out|\.mvn|\.gradle|gradle|project)(?:\/|$)/

/** Decides for a path above the base whether the running app needs it: its class path, and what is no part of a build. */
export function keepsOf(
  { facts, fatTree: tree }: ProjectInput,
  start: JavaStart,
): (path: string) => boolean {
  const projects = projectsOf(tree, facts.baseLayers)
  const readsSources = namesSources(tree, start)
  const { WorkingDir = '/', Env = [] } = facts.config.config
  // Built there, and started from somewhere else with all that it needs: nobody looks into it again.
  const isLeft = (root: string): boolean =>
    !start.open &&
    !readsSources &&
    ![WorkingDir, ...start.files, ...start.folders].some((one) =>
      `${one}/`.startsWith(`${root}/`),
    ) &&
    !Env.some((line) => line.includes(root))
  return (path) => {
    if (start.files.has(path)) return true
    // A class path of `.` is the project itself: its sources are no part of it.
    if (start.folders.some((dir) => path.startsWith(`${dir}/`) || path === dir))
      return !(source.test(path) || buildFile.test(path))
    if (/^(?:\/root|\/home\/[^/]+)\/\.(?:m2|gradle)\//.test(path)) return false
    const root = projects.find((dir) => path.startsWith(`${dir}/`))
    if (root === undefined) return !source.test(path)
    if (isLeft(root)) return false
    const rest = path.slice(root.length)
    if (
      start.open &&
      /^\/(?:target|build)\/[^/]+\.[jw]ar$|^\/(?:target|build)\/(?:libs|lib|classes|install)\//.test(
        rest,
      )
    )
      return true
    if (rest.startsWith('/src/') && readsSources) return true
    return !(ofBuild.test(rest) || buildFile.test(path) || source.test(path))
  }
}

/** Folders with a build file, the innermost first, so that a module comes before its parent. */
function projectsOf(tree: FileTree, baseLayers: number): readonly string[] {
  const found: string[] = []
  for (const { path, kind, layer } of entriesOf(tree))
    if (kind === 'file' && layer >= baseLayers && buildFile.test(path))
      found.push(path.slice(0, path.lastIndexOf('/')))
  return [...new Set(found)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
}

/** A class of the app opens its own sources or resources by path. */
function namesSources(tree: FileTree, { files, folders }: JavaStart): boolean {
  for (const path of files) {
    const entry = tree.lookup(path)
    if (entry?.kind === 'file' && classesContain(tree, entry, 'src/main')) return true
  }
  for (const { path, kind } of entriesOf(tree))
    if (
      kind === 'file' &&
      path.endsWith('.class') &&
      folders.some((dir) => path.startsWith(`${dir}/`))
    )
      if (Buffer.from(tree.read(path)).includes('src/main')) return true
  return false
}
