import { compiledLanguages } from '../../analysis/index.ts'
import type { Side } from '../side.ts'
import { isAppEntry } from './app-entry.ts'

const mostBytes = 2_000_000

/** What packages and their managers bring without owning it (maintainer scripts, lists), and what is no program. */
const notTheApps =
  /\/(?:node_modules|\.git|\.hg)\/|^\/(?:var\/lib\/(?:dpkg|apt|apk|rpm)|var\/cache|usr\/(?:share|include|lib)|tmp|root\/\.(?:cache|cargo|rustup|npm))\/|^\/etc\/ca-certificates\.conf$/

function isTheApps(path: string): boolean {
  return !notTheApps.test(path) && !compiledLanguages.some(({ leftovers }) => leftovers.test(path))
}

/** Sources of scripting languages that belong to the app itself, not to an installed package. */
export function* appSources(
  side: Side,
): Iterable<{ readonly path: string; readonly text: string }> {
  const decoder = new TextDecoder()
  for (const entry of side.ownEntries()) {
    if (!isTheApps(entry.path)) continue
    if (entry.kind !== 'file' || entry.size === 0 || entry.size > mostBytes) continue
    const named = /\.(?:py|pyw|sh|bash|js|mjs|cjs|ts|rb|php|pl)$/.test(entry.path)
    if ((!named && (entry.mode & 0o111) === 0) || !isAppEntry(entry, side)) continue
    if (!named && !startsAsScript(side, entry.path)) continue
    yield { path: entry.path, text: decoder.decode(side.tree.read(entry.path)) }
  }
}

/** True when a source of the app imports one of the modules at any place of the file. */
export function appImports(side: Side, modules: readonly string[]): boolean {
  const pattern = new RegExp(`^\\s*(?:import|from)\\s+(?:${modules.join('|')})\\b`, 'm')
  for (const { text } of appSources(side)) if (pattern.test(text)) return true
  return false
}

function startsAsScript({ tree }: Side, path: string): boolean {
  const head = tree.read(path, { offset: 0, length: 2 })
  return head[0] === 0x23 && head[1] === 0x21
}

/** True when a source or a settings file of the app, but `except`, contains the name, not as a part of a longer one. */
export function appNames(side: Side, name: string, except?: string): boolean {
  const pattern = new RegExp(
    `(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`,
  )
  return appTexts(side).some(({ path, text }) => path !== except && pattern.test(text))
}

type AppText = { readonly path: string; readonly text: string }

const texts = new WeakMap<Side, readonly AppText[]>()

/** Sources and settings files of the app, read once. */
export function appTexts(side: Side): readonly AppText[] {
  const known = texts.get(side)
  if (known) return known
  const decoder = new TextDecoder()
  const settings = side
    .ownEntries()
    .filter(
      (entry) =>
        entry.kind === 'file' &&
        entry.size < mostBytes &&
        /\.(?:toml|cfg|ini|conf|ya?ml|json|env)$/.test(entry.path) &&
        isTheApps(entry.path) &&
        isAppEntry(entry, side),
    )
    .map(({ path }) => ({ path, text: decoder.decode(side.tree.read(path)) }))
  const found = [...appSources(side), ...settings]
  texts.set(side, found)
  return found
}
