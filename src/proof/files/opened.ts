import { isBuildPackage, type Libraries, librariesOf } from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { explainOpened } from './explain.ts'
import { isReplacedJava } from './java-home.ts'
import { bringsOwnData } from './own-data.ts'
import { isBaseEntrypoint } from './programs.ts'
import { loadedByTools } from './tool-libraries.ts'

type Check = {
  readonly examined: number
  readonly failures: readonly Evidence[]
  readonly notes: readonly Evidence[]
}

/**
 * What programs open when it is there and do as well without: caches of what lies beside them, package lists, types of
 * files that P2 asks for itself, and Debian's openssl.cnf, which says what libssl does without one.
 */
const made =
  /^\/(?:etc\/ld\.so\.cache|(?:etc|usr\/lib)\/ssl\/openssl\.cnf|etc\/mime\.types|var\/(?:cache|lib\/(?:dpkg|apt))\/.*|usr\/lib\/.*\/gconv-modules\.cache|.*\/fonts\/.*\.(?:uuid|cache-\d+))$/

/** Files of the image that fat's run opened and that lean lacks, with the package that owns them. */
export function missingOpenedFiles(
  fat: Side,
  lean: Side,
  opened: ReadonlyMap<string, 'opened' | 'executed'>,
): Check {
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  const sameLibrary = libraryIn(lean)
  const executed = [...opened].flatMap(([path, how]) => (how === 'executed' ? [path] : []))
  const ofTools = loadedByTools(fat, executed)
  let examined = 0
  for (const [path, how] of opened) {
    const entry = entryAt(fat.tree, path)
    if (entry?.kind !== 'file' || made.test(path) || isReplacedJava(path, fat, lean)) continue
    if (isBaseEntrypoint(path, fat, lean)) continue
    examined += 1
    if (isThere(entry, lean) || sameLibrary(path)) continue
    const owner = fat.packages()?.ownerOf(path)
    const evidence = {
      message: `fat ${how === 'executed' ? 'runs' : 'opens'} ${path}, which lean lacks`,
      path,
      subject: 'opened by fat',
      ...(owner ? { package: owner.name } : {}),
    }
    const own = bringsOwnData(fat, path) ? 'what it starts brings its own' : undefined
    const tool = (owner && isBuildPackage(owner)) || ofTools(path) ? 'a build tool' : undefined
    const why = tool ?? own ?? explainOpened(entry, fat)
    if (why !== undefined) notes.push({ ...evidence, message: `${evidence.message} (${why})` })
    else
      failures.push({
        ...evidence,
        lean: 'absent',
        missing: { kind: 'file', path, ...(owner ? { package: owner.name } : {}) },
      })
  }
  return { examined, failures, notes: [summary(opened, fat), ...notes] }
}

/** The same file, or the source of a bytecode. */
function isThere({ path }: TreeEntry, { tree }: Side): boolean {
  if (targetOf(tree, path)) return true
  const cached = /^(.*)\/__pycache__\/([^/.]+)\.[\w.-]+\.pyc$/.exec(path)
  return cached !== null && targetOf(tree, `${cached[1]}/${cached[2]}.py`) !== undefined
}

/** Whether the loader would find a library of the same name, in another place or version. */
function libraryIn({ tree }: Side): (path: string) => boolean {
  let libraries: Libraries | undefined
  return (path) => {
    const soname = /([^/]+\.so\.\d+)[^/]*$/.exec(path)?.[1]
    if (soname === undefined) return false
    libraries ??= librariesOf(tree)
    return libraries.byName(soname) !== undefined
  }
}

function summary(opened: ReadonlyMap<string, 'opened' | 'executed'>, fat: Side): Evidence {
  const programs = [...opened].flatMap(([path, how]) =>
    how === 'executed' && entryAt(fat.tree, path) && !/\/ld-(?:linux|musl)/.test(path)
      ? [path]
      : [],
  )
  return {
    message: `fat's run opened ${opened.size} files and executed ${programs.join(', ') || 'none'}`,
    subject: 'opened by fat',
  }
}
