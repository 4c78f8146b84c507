import type { Place } from '../base/index.ts'

/** Where a policy file's values are from, so that a message can show them. */
export type Origin = {
  /** As the user knows it: a path, or a preset's name. */
  readonly name: string
  /** The value at a key, names and indexes from the root; the nearest one above when there is none. */
  readonly place: (key: readonly (string | number)[]) => Place | undefined
}

/** Values that no file holds. */
export function nowhere(name: string): Origin {
  return { name, place: () => undefined }
}
