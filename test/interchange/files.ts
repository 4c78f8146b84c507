import { execFileSync } from 'node:child_process'
import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** One line for each path: kind, mode, owner, size or target. */
export type Files = ReadonlyMap<string, string>

export function filesOfFolder(root: string): Files {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return new Map(paths.map((path) => [path, describe(join(root, path))]))
}

function describe(path: string): string {
  const stats = lstatSync(path)
  const owner = `${stats.uid}/${stats.gid}`
  if (stats.isSymbolicLink()) return `link ${owner} ${readlinkSync(path)}`
  const mode = (stats.mode & 0o7777).toString(8)
  if (stats.isDirectory()) return `dir ${mode} ${owner}`
  if (stats.isFile()) return `file ${mode} ${owner} ${stats.size}`
  return `other ${mode} ${owner}`
}

/** Unpacked by GNU tar, into a folder beside the archive. */
export function filesOfTar(archive: string): Files {
  const folder = `${archive}.files`
  execFileSync('mkdir', [folder])
  execFileSync('tar', ['-C', folder, '--numeric-owner', '-xpf', archive])
  return filesOfFolder(folder)
}

export function differences(ours: Files, theirs: Files): readonly string[] {
  if (ours.size === 0) return ['there are no files']
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((path) => {
    const [a, b] = [ours.get(path), theirs.get(path)]
    return a === b ? [] : [`${path}: ${a ?? 'missing'}, and ${b ?? 'missing'} there`]
  })
}
