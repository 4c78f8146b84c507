import { healthcheckArgv } from '../../proof/index.ts'
import type { PolicyKind } from '../define.ts'
import { notRun } from './http-probe.ts'

/** The image says how its health is asked for, and the started app is healthy by that. */
export const healthcheck: PolicyKind<{ readonly seconds: 'count?'; readonly env: 'pairs?' }> = {
  options: { seconds: 'count?', env: 'pairs?' },
  why: 'an orchestrator that cannot ask sends requests to an app that hangs',
  fix: 'add a HEALTHCHECK that needs no program which only the build had',
  slimFixes: false,
  runs: true,
  judge: ({ seconds }, { image, health, notStarted }) => {
    const wanted = seconds ?? 30
    const common = {
      title: 'the app is healthy by its own HEALTHCHECK',
      allowed: `0 within ${wanted} s`,
    }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const argv = healthcheckArgv(image.config.config)
    if (!argv) return { ...common, status: 'fail', found: 'no HEALTHCHECK', items: [] }
    if (!health) return { ...common, status: 'skip', found: notRun(notStarted), items: [] }
    if (health.kind === 'healthy')
      return { ...common, status: 'pass', found: argv.join(' '), items: [] }
    return { ...common, status: 'fail', found: 'not healthy', items: [{ what: health.reason }] }
  },
}
