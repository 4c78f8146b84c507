import type { Subject } from '../ports.ts'

/** An image that runs beside the app, in the same network, and is reached by its name. */
export type Service = {
  /** Host name for the app, e.g. `db`. */
  readonly name: string
  readonly subject: Subject
  /** `KEY=value`, over the image's own. */
  readonly env: readonly string[]
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  /** Exits 0 when the service can be used; the image's HEALTHCHECK unless told. */
  readonly health?: readonly string[]
}

/** A service that the project names and that could not be had. */
export type AbsentService = {
  readonly name: string
  /** e.g. `postgres:15`. */
  readonly image: string
  /** The file that names it. */
  readonly source: string
}
