import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import { appNames, appTexts } from './imports.ts'
import { leftover } from './leftovers.ts'

/** Why a path of a side may be absent from the other, or differ there; undefined when nothing explains it. */
export function explain(entry: TreeEntry, side: Side): string | undefined {
  return (
    bytecode(entry, side) ??
    versionControl(entry, side) ??
    requirements(entry, side) ??
    zone(entry, side) ??
    leftover(entry, side)
  )
}

/** An app that reads the repository by itself, e.g. `.git/HEAD` for its version, needs it; others do not. */
function versionControl({ path }: TreeEntry, side: Side): string | undefined {
  if (!/\/\.(?:git|hg|svn|bzr)(?:\/|$)/.test(path)) return undefined
  const read = appTexts(side).some(({ text }) =>
    /\.git\/(?:HEAD|ORIG_HEAD|FETCH_HEAD|refs|packed-refs|config|logs)\b/.test(text),
  )
  return read && path.includes('/.git') ? undefined : 'version control data'
}

/** Python writes `.pyc` again from the source; without a source it is the program itself. */
function bytecode({ path }: TreeEntry, { tree }: Side): string | undefined {
  if (/\/__pycache__$/.test(path)) return 'bytecode'
  const cached = /^(.*)\/__pycache__\/([^/]+?)\.[\w-]+(?:\.opt-\d)?\.pyc$/.exec(path)
  if (!cached) return undefined
  return entryAt(tree, `${cached[1]}/${cached[2]}.py`) ? 'bytecode of a source' : undefined
}

/** A list that a build step installed from and that no program of the app names is not needed to run. */
function requirements({ path }: TreeEntry, fat: Side): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!/^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$/.test(name)) return undefined
  const used = fat.subject.config.history.some(
    ({ created_by }) =>
      / install\b/.test(created_by ?? '') &&
      new RegExp(`(?:-r|-c|--requirement|--constraint)[ =]?\\S*${literal(name)}`).test(
        created_by ?? '',
      ),
  )
  return used && !appNames(fat, name) ? 'read by the build only' : undefined
}

/** UTC is what a system without a zone has. */
function zone({ path }: TreeEntry, { tree }: Side): string | undefined {
  if (path === '/etc/localtime')
    return /\/(?:UTC|Etc\/UTC|UCT|Zulu)$/.test(targetOf(tree, path)?.path ?? '')
      ? 'UTC, which is the default'
      : undefined
  if (path !== '/etc/timezone') return undefined
  const text = new TextDecoder().decode(tree.read(path)).trim()
  return /^(?:Etc\/)?(?:UTC|UCT|Zulu)$/.test(text) ? 'UTC, which is the default' : undefined
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
