import type { Ulimit } from '../../build/index.ts'

/** A build that another program does: what it needs, as files. */
export type OutsideBuild = {
  /** Absolute. Every file in it belongs to the context. */
  readonly context: string
  /** Absolute; the ignore file beside it, if any, is the one that counts. */
  readonly dockerfile: string
  readonly target: string | null
  readonly args: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** Files with the values, by id. */
  readonly secrets: ReadonlyMap<string, string>
  readonly noCache: boolean
  readonly network: 'host' | 'none'
  /** `name:address`. */
  readonly addHosts: readonly string[]
  /** Bytes. */
  readonly shmSize?: number | undefined
  readonly ulimits: readonly Ulimit[]
  /** A folder for what the program writes. */
  readonly scratch: string
}

/** What the program said of the steps. */
export type StepCounts = {
  readonly ran: number
  readonly cached: number
}

/** `--flag key=value …` */
export function pairs(
  flag: string,
  values: Readonly<Record<string, string>>,
  prefix = '',
): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${prefix}${name}=${value}`])
}
