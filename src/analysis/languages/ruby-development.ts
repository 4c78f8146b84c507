import { parentOf } from '../canonical.ts'
import { variable } from '../environment.ts'
import { textAt } from '../text.ts'
import type { Survey } from './survey.ts'

const largest = 4 * 1024 * 1024

/**
 * Names of gems that only the groups `development` and `test` of the Gemfiles lead to, by the lock files beside them.
 * Only where the environment says that the app runs in production: otherwise it loads those groups itself.
 */
export function developmentGems(survey: Survey): (name: string) => boolean {
  const env = survey.config.config.Env
  const mode = ['RAILS_ENV', 'RACK_ENV', 'APP_ENV'].map((name) => variable(env, name))
  const out = new Set<string>()
  if (mode.includes('production'))
    for (const { path, kind } of survey.marks('gemfile')) {
      if (kind !== 'file' || path.includes('/gems/')) continue
      const groups = groupsIn(textAt(survey.tree, path, largest) ?? '')
      const lock = textAt(survey.tree, `${parentOf(path)}/Gemfile.lock`, largest)
      if (groups.development.size === 0 || lock === undefined) continue
      const depends = dependenciesIn(lock)
      const needed = reach(groups.production, depends)
      for (const name of reach(groups.development, depends)) if (!needed.has(name)) out.add(name)
    }
  return (name) => out.has(name)
}

type Groups = { readonly production: Set<string>; readonly development: Set<string> }

/** `group :development, :test do … end` and `gem 'x', group: :test`; what a gem is listed for twice, it is needed for. */
function groupsIn(text: string): Groups {
  const groups: Groups = { production: new Set(), development: new Set() }
  const blocks: boolean[] = []
  for (const line of text.split('\n')) {
    const code = line.replace(/#.*$/, '').trim()
    const name = /^gem[ (]+['"]([^'"]+)['"]/.exec(code)?.[1]
    if (/^end\b/.test(code)) blocks.pop()
    else if (/\bdo\b(?:\s*\|[^|]*\|)?$|^(?:if|unless|case|begin)\b/.test(code))
      blocks.push(/^group\b/.test(code) && onlyDevelopment(code))
    if (name === undefined) continue
    const option = /\bgroups?(?::|\s*=>)\s*(\[[^\]]*\]|:\w+)/.exec(code)?.[1]
    const isDevelopment = blocks.includes(true) || (option !== undefined && onlyDevelopment(option))
    groups[isDevelopment ? 'development' : 'production'].add(name)
  }
  return groups
}

function onlyDevelopment(text: string): boolean {
  const names = [...text.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  return names.length > 0 && names.every((name) => name === 'development' || name === 'test')
}

/** The `specs:` of a Gemfile.lock: a gem at four spaces, what it depends on at six. */
function dependenciesIn(lock: string): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>()
  let here: string[] = []
  for (const [, indent = '', name = ''] of lock.matchAll(/^( {4}| {6})([\w.-]+)/gm)) {
    if (indent.length === 6) here.push(name)
    else {
      here = out.get(name) ?? []
      out.set(name, here)
    }
  }
  return out
}

function reach(
  start: Iterable<string>,
  depends: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set(start)
  // A set's iterator also visits what is added on the way.
  for (const name of reached) for (const next of depends.get(name) ?? []) reached.add(next)
  return reached
}
