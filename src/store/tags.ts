import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  byCodeUnit,
  type Digest,
  familiarName,
  formatReference,
  isDigest,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../image/index.ts'
import { folderOf, type StoreContext } from './context.ts'
import { moveToTrash, readRecord, writeRecord } from './records.ts'

/** `reference` is the complete name. Its hash is the file's name, because names hold slashes. */
type TagRecord = { readonly reference: string; readonly image: Digest }

export type Tag = { readonly name: string; readonly image: Digest }

export function writeTag(context: StoreContext, reference: string, image: Digest): void {
  const full = formatReference(withDefaultTag(parseReference(reference)))
  const record: TagRecord = { reference: full, image }
  if (JSON.stringify(readRecord(tagPath(context, full))) === JSON.stringify(record)) return
  writeRecord(context, tagPath(context, full), record)
}

export function removeTag(context: StoreContext, reference: string): boolean {
  const parsed = parseOrUndefined(reference)
  return parsed !== undefined && moveToTrash(context, tagPath(context, formatReference(parsed)))
}

/** The image a name stands for; undefined when nobody has that tag or the text is no name. */
export function findTag(context: StoreContext, reference: string): Digest | undefined {
  const parsed = parseOrUndefined(reference)
  if (!parsed) return undefined
  const record = readTag(tagPath(context, formatReference(parsed)))
  if (record || parsed.digest === null || parsed.tag === null) return record?.image
  // `name:tag@digest` is the image of that digest; the tag is a remark.
  return readTag(tagPath(context, formatReference({ ...parsed, tag: null })))?.image
}

/** Every tag, familiar form, sorted; pulls by digest are not among them. */
export function listTags(context: StoreContext): readonly Tag[] {
  return listReferences(context)
    .filter(({ name }) => !name.includes('@'))
    .sort((a, b) => byCodeUnit(a.name, b.name))
}

/** Tags and names with a digest. */
export function listReferences(context: StoreContext): Tag[] {
  return readdirSync(folderOf(context, 'tags')).flatMap((file) => {
    const record = readTag(join(folderOf(context, 'tags'), file))
    const parsed = record && parseOrUndefined(record.reference)
    return record && parsed ? [{ name: familiarName(parsed), image: record.image }] : []
  })
}

function readTag(path: string): TagRecord | undefined {
  const record = readRecord(path) as TagRecord | undefined
  return record && isDigest(record.image) ? record : undefined
}

function tagPath(context: StoreContext, full: string): string {
  return join(folderOf(context, 'tags'), createHash('sha256').update(full).digest('hex'))
}

function parseOrUndefined(text: string): Reference | undefined {
  try {
    return withDefaultTag(parseReference(text))
  } catch {
    return undefined
  }
}
