import type { Side } from '../side.ts'
import { isAppEntry } from './app-files.ts'

const mostBytes = 2_000_000

/** Sources of scripting languages that belong to the app itself, not to an installed package. */
export function* appSources(
  side: Side,
): Iterable<{ readonly path: string; readonly text: string }> {
  const decoder = new TextDecoder()
  for (const entry of side.ownEntries()) {
    if (entry.path.includes('/node_modules/')) continue
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
