import type { Image, PageData } from '../data.ts'
import type { State } from '../state.ts'

export type ViewProps = {
  readonly data: PageData
  readonly state: State
  readonly update: (part: Partial<State>) => void
  /** The Dockerfiles stand in one column: as chosen, else where the window is narrow. */
  readonly unified: boolean
}

/** The images that the chosen side shows, with the name of their side. */
export function shownImages({ data, state }: Pick<ViewProps, 'data' | 'state'>): readonly {
  readonly side: 'before' | 'after'
  readonly image: Image
}[] {
  return [
    ...(state.side !== 'after' || !data.after
      ? [{ side: 'before' as const, image: data.before }]
      : []),
    ...(state.side !== 'before' && data.after
      ? [{ side: 'after' as const, image: data.after }]
      : []),
  ]
}
