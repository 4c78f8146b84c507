import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LayerId } from '../build/index.ts'
import type { StoreContext } from './context.ts'
import { onDisk } from './disk-fault.ts'
import { findLayer } from './layers.ts'
import { parseLayerId } from './names.ts'
import { moveToTrash, readRecord, writeLossyRecord } from './records.ts'

/**
 * The files that a COPY wrote, so that the next one can link those that are the same again. Only a hint where to look:
 * without it everything is written anew.
 */
export type CopiedFiles = {
  readonly layer: LayerId
  /** By path in the layer: a text that is equal only for equal content, mode, owner and time, without attributes. */
  readonly files: ReadonlyMap<string, string>
}

/** `files`: path and text in turn, each closed by NUL; a list of 50,000 strings would take JSON ten times as long. */
type CopiedRecord = { readonly version: 1; readonly layer: string; readonly files: string }

/** `name` is any text that stays the same from one build to the next. */
export function findCopied(context: StoreContext, name: string): CopiedFiles | undefined {
  return readCopied(context, recordPath(context, name))
}

export function putCopied(
  context: StoreContext,
  name: string,
  { layer, files }: CopiedFiles,
): void {
  let text = ''
  for (const [path, identity] of files) text += `${path}\0${identity}\0`
  // Stores made before there was this folder do not have it.
  onDisk('make copies/', () => mkdirSync(folder(context), { recursive: true, mode: 0o700 }))
  const record: CopiedRecord = { version: 1, layer, files: text }
  writeLossyRecord(context, recordPath(context, name), record)
}

/** Throws hints away whose layer is gone. */
export function dropCopied(context: StoreContext): void {
  if (!existsSync(folder(context))) return
  for (const file of readdirSync(folder(context)))
    if (!readCopied(context, join(folder(context), file)))
      moveToTrash(context, join(folder(context), file))
}

function readCopied(context: StoreContext, path: string): CopiedFiles | undefined {
  const record = readRecord(path) as CopiedRecord | undefined
  if (record?.version !== 1) return undefined
  const layer = parseLayerId(record.layer)
  if (!findLayer(context, layer)) return undefined
  const parts = record.files.split('\0')
  const files = new Map<string, string>()
  for (let at = 0; at + 1 < parts.length; at += 2) files.set(parts[at] ?? '', parts[at + 1] ?? '')
  return { layer, files }
}

function folder(context: StoreContext): string {
  return join(context.root, 'copies')
}

function recordPath(context: StoreContext, name: string): string {
  return join(folder(context), createHash('sha256').update(name).digest('hex'))
}
