import { byCodeUnit, encodePath } from '../path-bytes.ts'
import { blockSize, type TarHeader, type TarKind, tarPadding } from './header.ts'

const typeflags: Readonly<Record<TarKind, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  dir: '5',
  fifo: '6',
}

const maxOctal7 = 0o7777777
const maxOctal11 = 0o77777777777

/**
 * Header blocks of one member: ustar, preceded by a pax header (POSIX.1-2001) where ustar cannot say it. Equal headers
 * give equal bytes: no user names, whole seconds. The caller writes the body and `tarPadding(size)` zeros after it.
 */
export function encodeTarHeader(header: TarHeader): Uint8Array {
  const name = encodePath(header.kind === 'dir' ? `${trimSlash(header.name)}/` : header.name)
  const link = encodePath(header.link ?? '')
  const records: Buffer[] = []
  const split = splitName(name)
  if (!split || !isAscii(name)) records.push(paxRecord('path', name))
  if (link.length > 100 || !isAscii(link)) records.push(paxRecord('linkpath', link))
  if (header.size > maxOctal11) records.push(paxRecord('size', String(header.size)))
  if (header.uid > maxOctal7) records.push(paxRecord('uid', String(header.uid)))
  if (header.gid > maxOctal7) records.push(paxRecord('gid', String(header.gid)))
  if (header.mtime < 0 || header.mtime > maxOctal11)
    records.push(paxRecord('mtime', String(header.mtime)))
  const xattrs = header.xattrs ? [...header.xattrs].sort(([a], [b]) => byCodeUnit(a, b)) : []
  for (const [key, value] of xattrs) records.push(paxRecord(`SCHILY.xattr.${key}`, value))

  const fallback = { prefix: Buffer.alloc(0), name: name.subarray(0, 100) }
  const main = ustar({ header, ...(split ?? fallback), link, typeflag: typeflags[header.kind] })
  if (records.length === 0) return main
  const body = Buffer.concat(records)
  const pax = ustar({
    header: { mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0 },
    prefix: Buffer.alloc(0),
    name: Buffer.from('PaxHeaders/member'),
    link: Buffer.alloc(0),
    typeflag: 'x',
  })
  return Buffer.concat([pax, body, Buffer.alloc(tarPadding(body.length)), main])
}

/** `<length> key=value\n`, the length counting itself. */
function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')])
  let length = body.length
  while (length !== body.length + String(length).length)
    length = body.length + String(length).length
  return Buffer.concat([Buffer.from(String(length)), body])
}

/** Name and prefix fields, undefined when the name fits into neither. */
function splitName(name: Buffer): { prefix: Buffer; name: Buffer } | undefined {
  if (name.length <= 100) return { prefix: Buffer.alloc(0), name }
  if (name.length > 256) return undefined
  const slash = name.indexOf(0x2f, name.length - 101)
  if (slash <= 0 || slash > 155 || slash === name.length - 1) return undefined
  return { prefix: name.subarray(0, slash), name: name.subarray(slash + 1) }
}

function ustar({
  header,
  prefix,
  name,
  link,
  typeflag,
}: {
  readonly header: Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'device'>
  readonly prefix: Buffer
  readonly name: Buffer
  readonly link: Buffer
  readonly typeflag: string
}): Buffer {
  const block = Buffer.alloc(blockSize)
  name.copy(block, 0)
  octal(block, 100, 8, header.mode & 0o7777)
  octal(block, 108, 8, header.uid > maxOctal7 ? 0 : header.uid)
  octal(block, 116, 8, header.gid > maxOctal7 ? 0 : header.gid)
  octal(block, 124, 12, header.size > maxOctal11 ? 0 : header.size)
  octal(block, 136, 12, header.mtime < 0 || header.mtime > maxOctal11 ? 0 : header.mtime)
  block.write(typeflag, 156, 'latin1')
  link.copy(block, 157, 0, 100)
  block.write('ustar\u000000', 257, 'latin1')
  octal(block, 329, 8, header.device?.major ?? 0)
  octal(block, 337, 8, header.device?.minor ?? 0)
  prefix.copy(block, 345)
  block.fill(0x20, 148, 156)
  let sum = 0
  for (let at = 0; at < block.length; at++) sum += block[at] ?? 0
  block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1')
  return block
}

/** Digits from the right, zeros before them, and the NUL that the block holds already. */
function octal(block: Buffer, at: number, width: number, value: number): void {
  let rest = value
  for (let place = at + width - 2; place >= at; place--) {
    block[place] = 0x30 + (rest % 8)
    rest = Math.floor(rest / 8)
  }
}

function isAscii(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] ?? 0) >= 0x80) return false
  return true
}

function trimSlash(name: string): string {
  return name.replace(/\/+$/, '')
}
