import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StepAccount } from '../build/index.ts'
import type { Digest } from '../image/index.ts'
import type { StoreContext } from './context.ts'
import { onDisk } from './disk-fault.ts'
import { parseLayerId, randomName } from './names.ts'
import { moveToTrash, readRecord, writeLossyRecord } from './records.ts'

/** What one build decided, kept to explain later why its steps ran. Nothing else depends on it. */
export type BuildAccount = {
  /** Absolute path of the Dockerfile, or its name when it is none of a file. */
  readonly dockerfile: string
  readonly target: string | null
  readonly tags: readonly string[]
  /** When it began, RFC 3339. */
  readonly started: string
  /** Null when it failed. */
  readonly image: Digest | null
  /** In the order in which they were decided. */
  readonly steps: readonly StepAccount[]
}

const kept = 40

export function putBuild(context: StoreContext, account: BuildAccount): void {
  // Stores made before there was this folder do not have it.
  onDisk('make builds/', () => mkdirSync(folder(context), { recursive: true, mode: 0o700 }))
  // Names sort by time; two builds of one millisecond by chance.
  const name = `${Date.now().toString(36).padStart(9, '0')}-${randomName()}`
  writeLossyRecord(context, join(folder(context), name), { version: 1, ...account })
  for (const old of names(context).slice(kept)) moveToTrash(context, join(folder(context), old))
}

/** The last builds, newest first. */
export function* builds(context: StoreContext): Iterable<BuildAccount> {
  for (const name of names(context)) {
    const record = readRecord(join(folder(context), name)) as
      | (BuildAccount & { readonly version: number })
      | undefined
    if (record?.version !== 1) continue
    const { version: _version, ...account } = record
    yield { ...account, steps: account.steps.map(checked) }
  }
}

/** What is read from a record becomes a path only through its parser. */
function checked(step: StepAccount): StepAccount {
  const layer = step.before?.layer
  if (!step.before || !layer) return step
  return { ...step, before: { ...step.before, layer: parseLayerId(layer) } }
}

function names(context: StoreContext): readonly string[] {
  if (!existsSync(folder(context))) return []
  return readdirSync(folder(context)).sort().reverse()
}

function folder(context: StoreContext): string {
  return join(context.root, 'builds')
}
