import type { ContainerOptions } from '../ports.ts'

/** Another way in which the project starts its image: a worker, a migration, a cron job. */
export type SecondaryEntrypoint = {
  /** e.g. `worker`, the name of the service or process. */
  readonly name: string
  /** The file that says so, e.g. `docker-compose.yml` or `Procfile`. */
  readonly source: string
  /** What is run, for people. */
  readonly command: string
  readonly options: ContainerOptions
  /** The same with `--help`, for a command whose services are not there; undefined for shell text. */
  readonly help: ContainerOptions | undefined
}

/** Texts of a project by relative path, undefined for what is not there. */
export type ProjectFiles = (path: string) => string | undefined
