import { readResolved } from '../../image/index.ts'
import type { Side } from '../side.ts'
import { appTexts } from './imports.ts'

/**
 * What lean's package manager leaves out of every package (`path-exclude` of dpkg.cfg(5), as slim bases have it): its
 * absence is the base's choice, as an absent manual page is. Only the base's own rules count: one that the project's
 * Dockerfile writes is no excuse. Translations are missed by an app that asks for a language, or that names their
 * folder.
 */
export function leftOutByPackageManager(fat: Side, lean: Side): (path: string) => boolean {
  const rules = rulesOf(lean)
  if (rules.length === 0) return () => false
  const speaks =
    fat.env.some((line) => /^(?:LANG|LANGUAGE|LC_\w+)=(?!C\b|POSIX\b|$)/.test(line)) ||
    appTexts(fat).some(({ text }) => text.includes('/usr/share/locale'))
  return (path) => {
    if (speaks && path.startsWith('/usr/share/locale/')) return false
    return rules.findLast(({ pattern }) => pattern.test(path))?.excludes ?? false
  }
}

type Rule = { readonly pattern: RegExp; readonly excludes: boolean }

function rulesOf({ tree, subject }: Side): readonly Rule[] {
  const folder = '/etc/dpkg/dpkg.cfg.d'
  const files = ['/etc/dpkg/dpkg.cfg', ...tree.readdir(folder).map((name) => `${folder}/${name}`)]
  const ofBase = files.filter((path) => (tree.lookup(path)?.layer ?? 0) < subject.baseLayers)
  return ofBase.flatMap((path) => {
    const bytes = readResolved(tree, path)
    const text = bytes ? new TextDecoder().decode(bytes) : ''
    return [...text.matchAll(/^\s*path-(exclude|include)\s*[=\s]\s*"?(\/[^"\n]*?)"?\s*$/gm)].map(
      ([, kind, glob = '']) => ({ pattern: globPattern(glob), excludes: kind === 'exclude' }),
    )
  })
}

/** fnmatch(3) without flags: `*` matches a slash too. A class in brackets is taken literally, which excuses less. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`)
}
