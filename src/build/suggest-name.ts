import { closest, Fault, isFault } from '../base/index.ts'
import type { Job } from './job.ts'

/** Images that a misspelt name may mean. */
const common = ['alpine', 'busybox', 'debian', 'fedora', 'golang', 'node', 'python', 'ubuntu']

/**
 * The fault of an image that was not found, with the stage or the well-known image that its name is nearest to.
 * Anything else as it is.
 */
export function suggestName(error: unknown, name: string, job: Pick<Job, 'graph'>): unknown {
  if (!isFault(error) || error.code !== 'BASE_NOT_FOUND') return error
  const stages = job.graph.stages.flatMap(({ stage }) => (stage.name ? [stage.name] : []))
  const stage = closest(name, stages)
  const bare = name.replace(/[:@].*$/, '')
  const near = stage ? `the stage ${stage}` : common.includes(bare) ? null : closest(bare, common)
  if (near === null) return error
  const { code, message, kind, at } = error
  return new Fault(code, message, { kind, at, hint: `did you mean ${near}?`, cause: error })
}
