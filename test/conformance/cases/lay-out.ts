import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { native } from '../../../src/store/index.ts'
import type { Item } from './types.ts'

/**
 * Writes items into a folder; null removes what is there. Names in order, parents made with mode 0755. `time` is that of
 * items which say none, in seconds since the epoch.
 */
export function layOut(
  dir: string,
  items: Readonly<Record<string, Item | null>>,
  time: number,
): void {
  for (const [path, item] of Object.entries(items)) {
    const full = join(dir, path)
    if (item === null) {
      rmSync(full, { recursive: true, force: true })
      continue
    }
    makeParents(dir, dirname(full))
    write(dir, full, typeof item === 'string' ? { text: item } : item, time)
  }
  // Writing into a directory changes its own time.
  for (const path of Object.keys(items))
    for (let above = dirname(path); above !== '.'; above = dirname(above))
      lutimesSync(join(dir, above), time, time)
}

function makeParents(dir: string, path: string): void {
  if (path === dir || path.length < dir.length) return
  makeParents(dir, dirname(path))
  try {
    mkdirSync(path)
    chmodSync(path, 0o755)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function write(dir: string, full: string, item: Exclude<Item, string>, time: number): void {
  if (item.kind !== 'dir') rmSync(full, { recursive: true, force: true })
  if (item.link !== undefined) symlinkSync(item.link, full)
  else if (item.hardlink !== undefined) {
    linkSync(join(dir, item.hardlink), full)
    return
  } else if (item.kind === 'dir') makeParents(dir, full)
  else if (item.kind === 'fifo') execFileSync('mkfifo', [full])
  else if (item.kind === 'socket') makeSocket(full)
  else if (item.tar) writeArchive(full, item.tar, time)
  else writeFileSync(full, item.text ?? '')
  if (item.uid !== undefined || item.gid !== undefined)
    lchownSync(full, item.uid ?? 0, item.gid ?? 0)
  if (item.link === undefined) chmodSync(full, item.mode ?? (item.kind === 'dir' ? 0o755 : 0o644))
  for (const [name, value] of Object.entries(item.xattrs ?? {}))
    native().setXattr(full, name, Buffer.from(value))
  lutimesSync(full, item.mtime ?? time, item.mtime ?? time)
}

/** A socket that nobody listens on stays behind when its maker ends. */
function makeSocket(full: string): void {
  const script = 'use Socket; socket(S,AF_UNIX,SOCK_STREAM,0); bind(S,pack_sockaddr_un($ARGV[0]))'
  execFileSync('perl', ['-e', `${script} or die`, full])
}

type Archive = NonNullable<Exclude<Item, string>['tar']>

function writeArchive(full: string, { members, compress, only }: Archive, time: number): void {
  const temp = mkdtempSync(join(tmpdir(), 'jettison-archive-'))
  try {
    layOut(temp, members, time)
    const names = only ?? ['.']
    lutimesSync(temp, time, time)
    const options = [
      ...['--numeric-owner', '--sort=name', '--format=pax', '--xattrs'],
      '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    ]
    const pressed = compress ? [`--${compress}`] : []
    const list = only ? ['--no-recursion', ...names] : names
    execFileSync('tar', ['-C', temp, ...options, ...pressed, '-cf', full, ...list])
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}
