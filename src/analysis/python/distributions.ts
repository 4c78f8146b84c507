import type { FileTree } from '../../image/index.ts'
import { folded, join, parentOf, realDirectory } from '../canonical.ts'
import { textAt } from '../text.ts'
import type { PythonDistribution } from '../types.ts'
import { walkUnder } from '../walk.ts'
import { recordPaths } from './record.ts'

/**
 * What is installed in one site directory: `.dist-info` (PEP 376, 627), `.egg-info` (a directory of setuptools or a
 * single file of distutils), `.egg` directories and `.egg-link` files of `setup.py develop`. Sorted by name.
 */
export function distributionsIn(tree: FileTree, site: string): readonly PythonDistribution[] {
  return tree
    .readdir(site)
    .map((name) => readEntry(tree, site, name))
    .filter((found) => found !== undefined)
}

/** PEP 503: runs of `-`, `_` and `.` are one hyphen, lower case. */
export function normalizedName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase()
}

function readEntry(tree: FileTree, site: string, name: string): PythonDistribution | undefined {
  const path = join(site, name)
  if (name.endsWith('.dist-info')) return distInfo(tree, site, path)
  if (name.endsWith('.egg-info')) return eggInfo(tree, site, path)
  if (name.endsWith('.egg')) return eggInfo(tree, path, `${path}/EGG-INFO`)
  return name.endsWith('.egg-link') ? eggLink(tree, path) : undefined
}

function distInfo(tree: FileTree, site: string, path: string): PythonDistribution | undefined {
  const headers = headersOf(textAt(tree, `${path}/METADATA`))
  const name = headers.get('name')?.[0]
  if (!name) return undefined
  const record = textAt(tree, `${path}/RECORD`)
  const installer = textAt(tree, `${path}/INSTALLER`)?.trim()
  return {
    name,
    key: normalizedName(name),
    version: headers.get('version')?.[0] ?? '',
    path,
    files:
      record === undefined
        ? topLevelFiles(tree, site, path)
        : recordPaths(record).map((one) => from(site, one)),
    requires: (headers.get('requires-dist') ?? []).flatMap(requirementName),
    ...(installer ? { installer } : {}),
  }
}

function eggInfo(tree: FileTree, site: string, path: string): PythonDistribution | undefined {
  const directory = realDirectory(tree, path) !== undefined
  const headers = headersOf(textAt(tree, directory ? `${path}/PKG-INFO` : path))
  const name = headers.get('name')?.[0]
  if (!name) return undefined
  const installed = textAt(tree, `${path}/installed-files.txt`)
  const requires = textAt(tree, `${path}/requires.txt`)
    ?.split(/^\[/m)[0]
    ?.split('\n')
    .flatMap(requirementName)
  return {
    name,
    key: normalizedName(name),
    version: headers.get('version')?.[0] ?? '',
    path,
    files:
      installed === undefined
        ? topLevelFiles(tree, site, path)
        : lines(installed).map((one) => from(path, one)),
    requires: requires ?? (headers.get('requires-dist') ?? []).flatMap(requirementName),
  }
}

/** The first line names the source directory, in which the `.egg-info` lies. */
function eggLink(tree: FileTree, path: string): PythonDistribution | undefined {
  const source = lines(textAt(tree, path) ?? '')[0]
  if (!source) return undefined
  const directory = from(parentOf(path), source)
  const info = tree.readdir(directory).find((name) => name.endsWith('.egg-info'))
  return info === undefined ? undefined : eggInfo(tree, directory, join(directory, info))
}

/** Without a record (Debian leaves it out): what `top_level.txt` names, as far as it exists, and the metadata. */
function topLevelFiles(tree: FileTree, site: string, metadata: string): readonly string[] {
  const names = lines(textAt(tree, `${metadata}/top_level.txt`) ?? '')
  const extension = (name: string): boolean => names.includes(name.split('.')[0] ?? '')
  const modules = names.length === 0 ? [] : tree.readdir(site).filter(extension)
  return [metadata, ...modules.map((name) => join(site, name))].flatMap((path) => {
    const kind = tree.lookup(path)?.kind
    if (kind !== 'dir') return kind === undefined ? [] : [path]
    return [...walkUnder(tree, path)].filter(({ kind }) => kind !== 'dir').map(({ path }) => path)
  })
}

/** Header fields of core metadata (an e-mail header), names in lower case; the description after it is not read. */
function headersOf(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>()
  for (const line of (text ?? '').split(/\r?\n/)) {
    if (line === '') break
    const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line)
    if (!match) continue
    const name = (match[1] ?? '').toLowerCase()
    const value = (match[2] ?? '').trim()
    const values = out.get(name)
    if (values) values.push(value)
    else out.set(name, [value])
  }
  return out
}

/** `Requires-Dist` to a name; what only an extra wants is not required. */
function requirementName(text: string): readonly string[] {
  const [requirement = '', marker = ''] = text.split(';')
  const name = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/.exec(requirement.trim())?.[0]
  return name === undefined || /\bextra\s*==/.test(marker) ? [] : [normalizedName(name)]
}

function from(dir: string, path: string): string {
  return folded(path.startsWith('/') ? path : `${dir}/${path}`)
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
