import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import { isCopy } from './app-entry.ts'
import { buildTreeCopy, compiledAway, linkerName, lockFile } from './compiled.ts'
import { developmentOnly, isBesidePackedServer, isCarriedByServer } from './development.ts'
import { appNames, appTexts } from './imports.ts'
import { leftover } from './leftovers.ts'
import { packedAway } from './packed.ts'

/** Why a path of a side may be absent from the other, or differ there; undefined when nothing explains it. */
export function explain(entry: TreeEntry, side: Side): string | undefined {
  return (
    bytecode(entry, side) ??
    versionControl(entry, side) ??
    requirements(entry, side) ??
    packaging(entry, side) ??
    zone(entry, side) ??
    developmentOnly(entry, side) ??
    compiledAway(entry, side) ??
    packedAway(entry, side) ??
    lockFile(entry, side) ??
    buildTreeCopy(entry, side) ??
    linkerName(entry, side) ??
    leftover(entry, side)
  )
}

/** The same for a path that fat was seen to open: that nobody reads it explains nothing then. */
export function explainOpened(entry: TreeEntry, side: Side): string | undefined {
  return (
    bytecode(entry, side) ??
    packaging(entry, side) ??
    zone(entry, side) ??
    lockFile(entry, side) ??
    languagePackage(entry, side)
  )
}

/**
 * Interpreters look at every package when they start; P4 compares which ones there are, and their files. A packed server
 * that opens one outside of its own folder lacks it there, unless its build left out a part of one that it has.
 */
function languagePackage({ path }: TreeEntry, side: Side): string | undefined {
  if (isCarriedByServer(path, side))
    return 'the server has this package in its own folder, with what its build chose'
  return !isBesidePackedServer(path, side) &&
    /\/(?:site-packages|dist-packages|node_modules|gems|specifications)\//.test(path)
    ? 'of a language package, which P4 compares'
    : undefined
}

/** An app that reads the repository by itself, e.g. `.git/HEAD` for its version, needs it; others do not. */
function versionControl({ path }: TreeEntry, side: Side): string | undefined {
  const [, service] =
    /\/\.(github|gitlab|circleci|vscode|idea|devcontainer)(?:\/|$)/.exec(path) ?? []
  if (service !== undefined)
    return appTexts(side).some(({ text }) => text.includes(`.${service}/`))
      ? undefined
      : 'settings of a code host or an editor'
  if (!/\/\.(?:git|hg|svn|bzr)(?:\/|$)/.test(path)) return undefined
  const read = appTexts(side).some(({ text }) =>
    /\.git\/(?:HEAD|ORIG_HEAD|FETCH_HEAD|refs|packed-refs|config|logs)\b/.test(text),
  )
  return read && path.includes('/.git') ? undefined : 'version control data'
}

/** Python writes `.pyc` again from the source; without a source it is the program itself. */
function bytecode({ path }: TreeEntry, { tree }: Side): string | undefined {
  if (/\/__pycache__$/.test(path)) return 'bytecode'
  const cached = /^(.*)\/__pycache__\/([^/.]+)\.[\w.-]+\.pyc$/.exec(path)
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

/**
 * `pip install .` of setuptools leaves `build/` and `*.egg-info/` beside the sources; what was installed from them is
 * compared as a distribution. An editable install reads its metadata there.
 */
function packaging({ path, layer }: TreeEntry, side: Side): string | undefined {
  const match =
    /^(.*)\/build(?:$|\/(?:lib|bdist|temp|scripts)[^/]*(?:\/|$))/.exec(path) ??
    /^(.*)\/[^/]+\.egg-info(?:\/|$)/.exec(path)
  const line = side.createdBy(layer)
  if (
    !match ||
    !/\b(?:install|setup\.py|build)\b/.test(line) ||
    /\s(?:-e|--editable|develop)\b/.test(line)
  )
    return undefined
  const root = match[1] ?? ''
  const isProject = ['setup.py', 'pyproject.toml', 'setup.cfg'].some((name) =>
    entryAt(side.tree, `${root}/${name}`),
  )
  const distributions = side.environments().flatMap((one) => one.distributions)
  const inUse = distributions.some((one) => path === one.path || path.startsWith(`${one.path}/`))
  return isProject && !inUse && !isCopy(line) ? 'left by the packaging of the project' : undefined
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
