import { nativeModulesOf, type PythonDistribution, readElfAt } from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { sameContent } from '../files/index.ts'
import { entryAt, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'

/** What pip writes about the installation itself, and bytecode: not a part of the distribution. Entry points are. */
const aboutInstallation =
  /\.(?:dist|egg)-info\/(?!entry_points\.txt$)|\.egg-info$|\.pyc$|\/__pycache__\//

/** Sources of extension modules: generated ones carry the paths and times of their build, and nothing runs them. */
const compiledFrom = /\.(?:c|cc|cpp|cxx|h|hpp|pyx|pxd|f|f90|rs|o|a|lib)$/

/** Both sides of one distribution in one version. */
export type Twins = {
  readonly a: PythonDistribution
  readonly b: PythonDistribution
  readonly fat: Side
  readonly lean: Side
}

/** Files of a distribution that lean lacks or has otherwise: content, the right to read and start, what modules link. */
export function differentFiles({ a, b, fat, lean }: Twins): readonly Evidence[] {
  const name = `${a.name} ${a.version}`
  const [before, after] = [new Set(nativeModulesOf(a)), new Set(nativeModulesOf(b))]
  const extra = [...after].filter((path) => !before.has(path))
  const added = extra.map((path) => ({
    message: `${name}: ${path} is in lean only`,
    path,
    package: name,
  }))
  const changed = a.files.flatMap((path): readonly Evidence[] => {
    const entry = entryAt(fat.tree, path)
    if (entry?.kind !== 'file' || aboutInstallation.test(path)) return []
    const other = entryAt(lean.tree, path)
    const native = before.has(path)
    if (!other) return [absent(path, name, native)]
    const why = native ? otherLinks(path, fat, lean) : otherContent(entry, other, { fat, lean })
    const difference = why ?? lessAllowed(entry, other)
    return difference === undefined
      ? []
      : [{ message: `${name}: ${path} ${difference}`, path, package: name }]
  })
  return [...added, ...changed]
}

/** Files of a distribution of the base that a line above the base changed, e.g. a certificate appended to certifi's. */
export function changedFiles({ a, fat, lean, ...rest }: Twins): readonly Evidence[] {
  const changed = a.files.filter(
    (path) => (entryAt(fat.tree, path)?.layer ?? -1) >= fat.subject.baseLayers,
  )
  if (changed.length === 0) return []
  return differentFiles({ ...rest, a: { ...a, files: changed }, fat, lean }).filter(
    ({ path }) => path !== undefined && changed.includes(path),
  )
}

function absent(path: string, name: string, native: boolean): Evidence {
  return {
    message: native
      ? `${name}: the native module ${path} is missing in lean (built without its C part?)`
      : `${name}: ${path} is missing in lean`,
    path,
    package: name,
    missing: { kind: 'file', path, package: name },
  }
}

type Pair = { readonly fat: Side; readonly lean: Side }

function otherContent(a: TreeEntry, b: TreeEntry, { fat, lean }: Pair): string | undefined {
  if (compiledFrom.test(a.path) || b.kind !== 'file') return undefined
  if (sameContent({ tree: fat.tree, entry: a }, { tree: lean.tree, entry: b })) return undefined
  if (readElfAt(fat.tree, a.path) && readElfAt(lean.tree, b.path)) return undefined
  const [before, after] = [withoutTemporary(fat, a.path), withoutTemporary(lean, b.path)]
  const same = before === after || (startScript(before) ?? '') === startScript(after)
  return same ? undefined : 'has another content'
}

/**
 * What a script that an installer wrote for an entry point starts (`#!/usr/bin/python flask.cli main`): each version of
 * pip writes it in its own words. Undefined for every other text.
 */
function startScript(text: string): string | undefined {
  const found =
    /^#!(\S+)\n(?:# -\*- coding: utf-8 -\*-\n)?(?:import (?:re|sys)\n)+from (\S+) import (\w+)\nif __name__ == ["']__main__["']:\n {4}(?:sys\.argv\[0\] = [^\n]+|if sys\.argv\[0\][^\n]+\n {8}[^\n]+)\n {4}sys\.exit\(([\w.]+)\(\)\)\n?$/.exec(
      text,
    )
  return found?.slice(1).join(' ')
}

/** Texts of one version are equal but for the temporary directories that some builds write into them. */
function withoutTemporary({ tree }: Side, path: string): string {
  return new TextDecoder('latin1')
    .decode(tree.read(path))
    .replace(/\/tmp\/(?:pip-|tmp|build-env-)[\w./-]*/g, '<temporary>')
}

/** A user other than the owner may read or start it in fat and may not in lean. */
function lessAllowed(a: TreeEntry, b: TreeEntry): string | undefined {
  const lost = a.mode & ~b.mode
  if ((lost & 0o004) !== 0) return 'cannot be read by every user in lean'
  return (a.mode & 0o111) !== 0 && (b.mode & 0o111) === 0 ? 'is not executable in lean' : undefined
}

/** Libraries of the C and C++ runtime come and go with the compiler; others are features that a build had or had not. */
const ofCompiler =
  /^(?:lib(?:c|m|dl|rt|pthread|util|gcc_s|stdc\+\+|python[\d.]+|gomp|gfortran|quadmath|resolv)|ld-linux[\w-]*|linux-vdso)[.-]/

/** A module that links fewer libraries was built without one of its features. */
function otherLinks(path: string, fat: Side, lean: Side): string | undefined {
  const [a, b] = [readElfAt(fat.tree, path), readElfAt(lean.tree, path)]
  if (!a || !b) return undefined
  const theirs = new Set(b.needed.map(plainName))
  const lost = a.needed.map(plainName).filter((name) => !ofCompiler.test(name) && !theirs.has(name))
  return lost.length === 0 ? undefined : `is built without ${lost.join(', ')} in lean`
}

/** `libjpeg.so.62` for `libjpeg-77d2a5ec.so.62.4.0`, as auditwheel and Debian name one library. */
function plainName(soname: string): string {
  return soname.replace(/-[0-9a-f]{8}(?=\.so)/, '').replace(/(\.so\.\d+).*$/, '$1')
}
