import type { PolicyKind } from '../define.ts'
import { notRun } from './http-probe.ts'

/** The app starts, and is still there after some seconds or has ended with 0. */
export const boots: PolicyKind<{ readonly seconds: 'count?'; readonly env: 'pairs?' }> = {
  options: { seconds: 'count?', env: 'pairs?' },
  why: 'an image that ends at once takes a deployment down, however small it is',
  fix: 'run it and read its log: jettison run IMAGE; what it needs from outside is given as env',
  slimFixes: false,
  runs: true,
  judge: ({ seconds }, { boot, notStarted }) => {
    const wanted = seconds ?? 3
    const common = { title: 'the app starts', allowed: `runs for ${wanted} s, or ends with 0` }
    if (!boot) return { ...common, status: 'skip', found: notRun(notStarted), items: [] }
    if (boot.kind === 'runs')
      return { ...common, status: 'pass', found: `runs after ${wanted} s`, items: [] }
    if (boot.kind === 'none')
      return { ...common, status: 'fail', found: 'not started', items: [{ what: boot.reason }] }
    return {
      ...common,
      status: boot.exitCode === 0 ? 'pass' : 'fail',
      found: `ended with exit code ${boot.exitCode}`,
      items: boot.exitCode === 0 ? [] : [{ what: `its last words: ${boot.log}` }],
    }
  },
}
