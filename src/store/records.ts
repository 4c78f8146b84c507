import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { folderOf, type StoreContext } from './context.ts'
import { diskFault, errnoOf, onDisk } from './disk-fault.ts'
import { randomName } from './names.ts'

/** Writes a small file so that it is there whole, also after a power cut: temp, fsync, rename, fsync of the folder. */
export function writeRecord(context: StoreContext, path: string, value: unknown): void {
  onDisk(`write ${path}`, () => {
    const temp = writeTemp(context, path, value)
    syncPath(temp)
    renameSync(temp, path)
    syncPath(dirname(path))
  })
}

/**
 * Writes a record that may be lost in a power cut: what is torn then is no JSON, and readers take it as missing. Saves
 * the two fsyncs that would cost more than a small RUN.
 */
export function writeLossyRecord(context: StoreContext, path: string, value: unknown): void {
  onDisk(`write ${path}`, () => renameSync(writeTemp(context, path, value), path))
}

/** The record's JSON value, undefined when it is missing or torn. */
export function readRecord(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError || errnoOf(error) === 'ENOENT') return undefined
    throw diskFault(error, `read ${path}`)
  }
}

/** Moves something out of sight at once; it is unlinked when the trash is emptied. */
export function moveToTrash(context: StoreContext, path: string): boolean {
  const target = join(folderOf(context, 'trash'), `${randomName()}-${basename(path).slice(0, 64)}`)
  try {
    renameSync(path, target)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}

export function syncPath(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function writeTemp(context: StoreContext, path: string, value: unknown): string {
  const name = `${context.lease.hold()}.${randomName()}-${basename(path).slice(0, 64)}`
  const temp = join(folderOf(context, 'tmp'), name)
  writeFileSync(temp, `${JSON.stringify(value)}\n`, { mode: 0o600 })
  return temp
}
