import { findProgram, pathFiles, scriptInterpreter } from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { ownerName, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { explain } from './explain.ts'
import { isDocumentation } from './leftovers.ts'

type Check = { readonly examined: number; readonly failures: readonly Evidence[] }

/** Where a link may lead although nothing is in the image: the kernel and the engine put it there. */
const atRunTime = /^\/(?:proc|sys|dev|run)(?:\/|$)|^\/var\/run(?:\/|$)|^\/etc\/mtab$/

/** Where packages make links to documentation; a link elsewhere is the project's own. */
const ofSystem = /^\/(?:usr|etc|var|lib\w*)\//

/** Symlinks above lean's base lead somewhere, unless the same link leads nowhere, or a package's to documentation, in fat. */
export function danglingLinks(fat: Side, lean: Side): Check {
  const links = lean
    .ownEntries()
    .filter(
      ({ kind, path, link }) =>
        kind === 'symlink' && !atRunTime.test(path) && !atRunTime.test(link ?? ''),
    )
  const matters = (path: string): boolean => {
    const target = targetOf(fat.tree, path)
    return target !== undefined && (!ofSystem.test(path) || !isDocumentation(target.path))
  }
  const failures = links
    .filter(({ path }) => !targetOf(lean.tree, path) && matters(path))
    .map((entry) =>
      missingFile(
        `${entry.path} -> ${entry.link}: the target is missing`,
        entry.path,
        targetOf(fat.tree, entry.path),
        fat,
      ),
    )
  return { examined: links.length, failures }
}

/** Interpreters that the scripts above lean's base name in their first line exist and may be started. */
export function missingShebangs(fat: Side, lean: Side): Check {
  const scripts = lean.ownEntries().flatMap((entry) => {
    if (entry.kind !== 'file' || (entry.mode & 0o111) === 0) return []
    if (lean.packages()?.ownerOf(entry.path)) return []
    const found = scriptInterpreter(lean.tree, entry.path)
    return found
      ? [{ path: entry.path, names: [found.path, ...(found.program ? [found.program] : [])] }]
      : []
  })
  const failures = scripts.flatMap(({ path, names }) =>
    names
      .filter((name) => !canStart(lean, name) && canStart(fat, name))
      .map(
        (name): Evidence => ({
          message: `${path} starts with ${name}, which lean does not have`,
          subject: name,
          path,
          lean: 'not found',
          missing: { kind: 'interpreter', path: name, neededBy: path },
        }),
      ),
  )
  return { examined: scripts.length, failures }
}

/** Places that `.pth` files and editable installs add to the import path exist in lean when they do in fat. */
export function missingPathTargets(fat: Side, lean: Side): Check {
  const wanted = fat
    .environments()
    .flatMap(({ sitePackages }) => sitePackages.flatMap((site) => pathFiles(fat.tree, site)))
    .flatMap(({ path, targets }) =>
      targets.filter(({ exists }) => exists).map((target) => ({ path, target: target.path })),
    )
  const failures = wanted
    .filter(({ target }) => !targetOf(lean.tree, target))
    .map(({ path, target }) =>
      missingFile(
        `${path} names ${target}, which lean does not have`,
        target,
        targetOf(fat.tree, target),
        fat,
      ),
    )
  return { examined: wanted.length, failures }
}

/** Absolute paths in the environment that exist in fat exist in lean: PYTHONPATH, LD_LIBRARY_PATH, SSL_CERT_FILE. */
export function missingEnvironmentPaths(fat: Side, lean: Side): Check {
  // A variable that lean does not have, or has otherwise, is a difference of settings, which P1 judges.
  const wanted = fat.env
    .filter((line) => !line.startsWith('PATH=') && lean.env.includes(line))
    .flatMap((line) => {
      const name = line.slice(0, line.indexOf('='))
      return line
        .slice(name.length + 1)
        .split(':')
        .filter((value) => /^\/[^\s]/.test(value))
        .map((value) => ({ name, value, entry: targetOf(fat.tree, value) }))
    })
    .filter(({ entry }) => entry !== undefined && explain(entry, fat) === undefined)
  const failures = wanted
    .filter(({ value }) => !targetOf(lean.tree, value))
    .map(({ name, value, entry }) =>
      missingFile(`ENV ${name} names ${value}, which lean does not have`, value, entry, fat),
    )
  return { examined: wanted.length, failures }
}

function canStart(side: Side, name: string): boolean {
  return findProgram(side.tree, side.subject.config, name) !== undefined
}

function missingFile(
  message: string,
  path: string,
  target: TreeEntry | undefined,
  fat: Side,
): Evidence {
  const owner = target && ownerName(fat, target.path)
  const named = owner === undefined ? {} : { package: owner }
  return {
    message,
    path,
    ...named,
    fat: target?.path ?? 'exists',
    lean: 'absent',
    missing: { kind: 'file', path: target?.path ?? path, ...named },
  }
}
