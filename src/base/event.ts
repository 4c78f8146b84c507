/** Closed union of what happens while jettison works. Nothing below `cli` prints; it emits these. */
export type Event =
  | { readonly kind: 'phase'; readonly name: string; readonly detail?: string }
  | { readonly kind: 'step-start'; readonly step: string; readonly title: string }
  | {
      readonly kind: 'step-output'
      readonly step: string
      readonly stream: 'stdout' | 'stderr'
      readonly bytes: Uint8Array
    }
  | {
      readonly kind: 'step-end'
      readonly step: string
      readonly title: string
      readonly outcome: 'done' | 'cached' | 'failed' | 'canceled'
      /** Bytes of the layer that the step made or found; absent when it made none. */
      readonly bytes?: number
      /** 1-based first line of the instruction in its Dockerfile; absent for FROM. */
      readonly line?: number
    }
  | {
      readonly kind: 'transfer'
      readonly what: string
      readonly done: number
      readonly total: number | null
    }
  | {
      readonly kind: 'notice'
      readonly level: 'info' | 'warning'
      readonly code: string
      readonly message: string
    }

export type EventSink = (event: Event) => void

/** A sink for callers that do not listen. */
export const silent: EventSink = () => {}
