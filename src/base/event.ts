/** Closed union of what happens while jettison works. Nothing below `cli` prints; it emits these. */
export type Event =
  | { readonly kind: 'phase'; readonly name: string; readonly detail?: string }
  /** What a build is going to do: the stages that its target needs, in the order of the file. */
  | { readonly kind: 'stages'; readonly stages: readonly PlannedStage[] }
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
      /** Bytes of the image that a FROM found, when all its layers are here. */
      readonly baseBytes?: number
      /** 1-based first line of the instruction in its Dockerfile; absent for FROM. */
      readonly line?: number
    }
  | {
      readonly kind: 'transfer'
      /** The thing itself is the last word, as in `compressing 3f2a9c01d4e5`. It has arrived when `done` is `total`. */
      readonly what: string
      /** Bytes so far, of `total` if that is known. */
      readonly done: number
      readonly total: number | null
    }
  | {
      readonly kind: 'notice'
      readonly level: 'info' | 'warning'
      readonly code: string
      readonly message: string
    }

/** Names as they stand in the labels of steps: `builder` of `[builder 2/5]`, empty where there is but one stage. */
export type PlannedStage = {
  readonly name: string
  /** The image or the stage that it starts from. */
  readonly base: string
  /** Steps, FROM included; triggers of the base come on top. */
  readonly steps: number
  /** Stages whose files it reads. */
  readonly needs: readonly string[]
}

export type EventSink = (event: Event) => void

/** A sink for callers that do not listen. */
export const silent: EventSink = () => {}
