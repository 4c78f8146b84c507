import type { FileTree } from '../../image/index.ts'
import { sectionAt } from '../elf/index.ts'
import type { Component, ProgramParts } from './types.ts'

/** `\xff Go buildinf:` (debug/buildinfo). */
const magic = [0xff, ...[...' Go buildinf:'].map((letter) => letter.charCodeAt(0))]
/** Set since Go 1.18: both strings follow the 32 bytes of the header, each behind its length as a varint. */
const inlineStrings = 2

/**
 * What the Go linker wrote into a program: its Go version and its modules (`go version -m`). Programs of Go before
 * 1.18 keep pointers there and give nothing.
 */
export function goParts(tree: FileTree, path: string): ProgramParts | undefined {
  const bytes = sectionAt(tree, path, '.go.buildinfo')
  if (!bytes || !magic.every((byte, at) => bytes[at] === byte)) return undefined
  if (((bytes[15] ?? 0) & inlineStrings) === 0) return undefined
  const version = textAt(bytes, 32)
  const modules = version && textAt(bytes, version.end)
  if (!version) return undefined
  return {
    made: `Go ${version.text.replace(/^go/, '')}`,
    components: modules ? componentsIn(modules.text) : [],
  }
}

/** Tab-separated lines between two markers of 16 bytes: `dep` or `mod`, path, version, sum; `=>` replaces the line before. */
function componentsIn(text: string): readonly Component[] {
  const out: Component[] = []
  for (const line of text.slice(16, -16).split('\n')) {
    const [kind, name = '', version = ''] = line.split('\t')
    if (kind === '=>') out.pop()
    if (kind === 'dep' || kind === '=>') out.push({ name, version })
  }
  return out
}

function textAt(
  bytes: Uint8Array,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let length = 0
  let at = start
  for (let shift = 0; ; shift += 7, at++) {
    const byte = bytes[at]
    if (byte === undefined || shift > 28) return undefined
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  const from = at + 1
  if (from + length > bytes.length) return undefined
  // The markers around the modules are no text: latin1 keeps their sixteen bytes sixteen characters.
  return {
    text: Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1'),
    end: from + length,
  }
}
