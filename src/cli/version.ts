import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** From package.json, found upward: the same code runs from the sources and from dist. */
export function version(): string {
  for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
    try {
      const found = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as {
        readonly name?: string
        readonly version?: string
      }
      if (found.name === 'jettison-cli') return found.version ?? 'unknown'
    } catch {
      // No package.json here; look one folder up.
    }
    if (dir === dirname(dir)) return 'unknown'
  }
}
