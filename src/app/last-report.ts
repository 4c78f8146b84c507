import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { Report } from '../report/index.ts'
import type { Session } from './session.ts'
import { writeFile } from './write-file.ts'

/** The report of the last `slim`, kept beside the store so that `jettison report` can show it. */
type Kept = { readonly title: string; readonly report: Report }

export function keepReport(session: Session, title: string, report: Report): void {
  const folder = join(session.settings.root, 'reports')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFile(join(folder, 'last.json'), JSON.stringify({ title, report } satisfies Kept))
}

/** @throws Fault REPORT_MISSING when nothing was converted with this store yet */
export function lastReport(session: Session): Kept {
  const path = join(session.settings.root, 'reports', 'last.json')
  const text = readIfThere(path)
  if (text !== undefined) return JSON.parse(text) as Kept
  throw new Fault('REPORT_MISSING', 'no conversion was made with this store yet', {
    kind: 'invalid',
    hint: 'jettison slim makes a report; jettison report IMAGE [IMAGE] shows images without one',
  })
}

/** A report as `jettison slim --json` prints it. @throws Fault REPORT_INVALID */
export function readReport(path: string): Report {
  const text = readIfThere(path)
  if (text === undefined)
    throw new Fault('REPORT_INVALID', `${path} cannot be read`, { kind: 'invalid' })
  try {
    const value = JSON.parse(text) as { readonly version?: unknown; readonly steps?: unknown }
    if (value.version === 1 && Array.isArray(value.steps)) return value as Report
  } catch {
    // Told below.
  }
  throw new Fault('REPORT_INVALID', `${path} is no report of jettison slim --json`, {
    kind: 'invalid',
  })
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') return undefined
    throw error
  }
}
