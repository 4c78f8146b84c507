import { OutOfBounds, type Pages } from './bytes.ts'
import type { Dynamic } from './dynamic.ts'

/** Both tables are linked lists of relative offsets; the bound stops loops. */
const maxRecords = 8192
const weak = 2
const base = 1

/**
 * `.gnu.version_r`: versions wanted, by library. Weak ones are left out, because the loader starts a program
 * without them. A table that points outside the file gives what came before.
 */
export function readVersionNeeds(
  pages: Pages,
  { versionNeeds, strings }: Dynamic,
): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>()
  if (versionNeeds === undefined) return out
  const budget = { left: maxRecords }
  upToTheEnd(() => {
    each(pages, versionNeeds, 12, budget, (need) => {
      const versions: string[] = []
      out.set(pages.string(strings + pages.u32(need + 4)), versions)
      each(pages, need + pages.u32(need + 8), 12, budget, (wanted) => {
        if ((pages.u16(wanted + 4) & weak) === 0)
          versions.push(pages.string(strings + pages.u32(wanted + 8)))
      })
    })
  })
  return out
}

/** `.gnu.version_d`: versions that the file defines, without the base entry, which is the soname. */
export function readVersionDefs(
  pages: Pages,
  { versionDefs, strings }: Dynamic,
): readonly string[] {
  const out: string[] = []
  if (versionDefs === undefined) return out
  upToTheEnd(() => {
    each(pages, versionDefs, 16, { left: maxRecords }, (definition) => {
      if ((pages.u16(definition + 2) & base) !== 0) return
      const name = definition + pages.u32(definition + 12)
      out.push(pages.string(strings + pages.u32(name)))
    })
  })
  return out
}

/** Visits a chain of records; the word at `next` is the distance to the following one, 0 at the end. */
function each(
  pages: Pages,
  first: number,
  next: number,
  budget: { left: number },
  visit: (record: number) => void,
): void {
  for (let at = first; budget.left > 0; ) {
    budget.left -= 1
    visit(at)
    const step = pages.u32(at + next)
    if (step === 0) return
    at += step
  }
}

function upToTheEnd(read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error
  }
}
