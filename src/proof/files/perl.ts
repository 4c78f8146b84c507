import type { Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { absentFile } from './absent-file.ts'
import { appSources } from './imports.ts'

type Check = { readonly examined: number; readonly failures: readonly Evidence[] }

const switches = /(?<![\w-])-M([A-Z]\w*(?:::\w+)*)/g
const uses = /^\s*(?:use|require)\s+([A-Z]\w*(?:::\w+)*)/gm

/**
 * Perl modules that the app's Perl scripts use, or that its other sources ask for with `-M`: slim bases have `perl` too,
 * with a part of its standard library only.
 */
export function missingPerlModules(fat: Side, lean: Side): Check {
  const wanted = new Map<string, string>()
  for (const { path, text } of appSources(fat)) {
    const isPerl = /\.p[lm]$/.test(path) || /^#!.*\bperl\b/.test(text)
    if (!isPerl && !/\bperl\b/.test(text)) continue
    const found = [...text.matchAll(switches), ...(isPerl ? text.matchAll(uses) : [])]
    for (const [, name = ''] of found) if (!wanted.has(name)) wanted.set(name, path)
  }
  if (wanted.size === 0) return { examined: 0, failures: [] }
  const [before, after] = [modulesOf(fat), modulesOf(lean)]
  const failures = [...wanted].flatMap(([name, from]): readonly Evidence[] => {
    const file = `${name.replaceAll('::', '/')}.pm`
    const path = before(file)
    if (path === undefined || after(file) !== undefined) return []
    const needed = `the Perl module ${name}, which ${from} uses,`
    return [absentFile(fat, path, { subject: name, needed })]
  })
  return { examined: wanted.size, failures }
}

/** Directories that Debian's perl and site installations search, each module below them or one level deeper. */
const places =
  /^\/(?:etc\/perl|usr\/(?:local\/)?(?:share|lib(?:\/[^/]+)?)\/(?:perl5?|perl-base|site_perl))\//

function modulesOf(side: Side): (file: string) => string | undefined {
  const all = side.entries().filter(({ path, kind }) => kind !== 'dir' && places.test(path))
  return (file) => all.find(({ path }) => path.endsWith(`/${file}`))?.path
}
