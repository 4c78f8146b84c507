import { inflateSync } from 'node:zlib'
import type { FileTree } from '../../image/index.ts'
import { sectionAt } from '../elf/index.ts'
import type { Component, ProgramParts } from './types.ts'

type Audited = {
  readonly packages?: readonly {
    readonly name?: unknown
    readonly version?: unknown
    readonly kind?: unknown
  }[]
}

/** The crates that cargo-auditable wrote into a program: zlib-packed JSON in `.dep-v0`; those of the build left out. */
export function cargoParts(tree: FileTree, path: string): ProgramParts | undefined {
  const bytes = sectionAt(tree, path, '.dep-v0')
  if (!bytes) return undefined
  try {
    const text = inflateSync(bytes, { maxOutputLength: 16 * 1024 * 1024 }).toString('utf8')
    const { packages = [] } = JSON.parse(text) as Audited
    const components = packages.flatMap(({ name, version, kind }): readonly Component[] =>
      typeof name === 'string' && typeof version === 'string' && kind !== 'build'
        ? [{ name, version }]
        : [],
    )
    return { made: 'Rust', components }
  } catch {
    return undefined
  }
}
