import { isDeepStrictEqual } from 'node:util'
import type { FileTree, TreeEntry } from '../../image/index.ts'

type JsonFile = { readonly tree: FileTree; readonly entry: TreeEntry }

const mostBytes = 4 * 1024 * 1024

/** Numbers that a double may not hold: two of them could be read as one. */
const longNumber = /[:[,]\s*-?\d[\d.eE+-]{15,}/

/** What Next.js makes at random in each build, for itself alone: its preview mode and its server actions. */
const random: ReadonlySet<string> = new Set([
  'previewModeId',
  'previewModeSigningKey',
  'previewModeEncryptionKey',
  'encryptionKey',
])

/**
 * True when two JSON files say the same: the order of an object's members has no meaning (RFC 8259, 4), and build tools
 * that work in parallel write them as they come. In the manifests of Next.js keys of the build itself may differ.
 */
export function sameJson(a: JsonFile, b: JsonFile): boolean {
  if (!a.entry.path.endsWith('.json') || Math.max(a.entry.size, b.entry.size) > mostBytes)
    return false
  const generated = /\/\.next\/(?:.*\/)?[\w-]+-manifest\.json$/.test(a.entry.path)
  const [left, right] = [a, b].map((one) => jsonIn(one, generated))
  return left !== undefined && right !== undefined && isDeepStrictEqual(left.value, right.value)
}

function jsonIn(
  { tree, entry }: JsonFile,
  generated: boolean,
): { readonly value: unknown } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(tree.read(entry.path))
    if (longNumber.test(text)) return undefined
    return { value: JSON.parse(text, generated ? withoutRandom : undefined) as unknown }
  } catch {
    return undefined
  }
}

/** The length stays: a key that is missing or that someone wrote by hand is a difference. */
function withoutRandom(key: string, value: unknown): unknown {
  const isKey = random.has(key) && typeof value === 'string' && /^[\w+/=-]{32,}$/.test(value)
  return isKey ? value.length : value
}
