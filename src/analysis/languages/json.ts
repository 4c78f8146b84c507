import type { FileTree } from '../../image/index.ts'
import { textAt } from '../text.ts'

/** A record that is larger than this is none. */
const largest = 64 * 1024 * 1024

/**
 * The object in a JSON file, read without trust: fields are looked at one by one. A list gives its entries by index.
 * @returns undefined when there is no such file, or nothing of the kind in it
 */
export function objectAt(
  tree: FileTree,
  path: string,
): Readonly<Record<string, unknown>> | undefined {
  const text = textAt(tree, path, largest)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? { ...value } : asObject(value)
  } catch {
    return undefined
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The strings of a list; empty for anything else. */
export function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
