// The challenge from beginning to end: `npm run demo [-- flags for jettison slim]`.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { root } from './build.mjs'
import { preflight } from './preflight.mjs'
import { main, run, Stop } from './run.mjs'

const example = 'examples/challenge-02'

await main(async () => {
  const { registry, pypi, debian } = await preflight()
  if (pypi !== null)
    throw new Stop('PyPI does not answer, and the example installs Python packages: nothing was built', 3)
  if (debian !== null)
    throw new Stop(
      'the Debian mirror does not answer, and the example installs Debian packages: nothing was built',
      3,
    )
  await bootstrap()
  copySampleApp()
  const code = await show([
    ...['slim', `${example}/starter`],
    ...['--tag-fat', 'devops-app:bloated', '--tag', 'devops-app:optimized'],
    ...['--report', `${example}/report.html`],
    ...(registry === null ? [] : ['--bases', 'stand-in']),
    ...process.argv.slice(2),
  ])
  if (code !== 0) return code
  return show(['image', 'ls', 'devops-app'])
})

/** Task 1 of the challenge. */
function copySampleApp() {
  for (const name of ['app.py', 'requirements.txt']) {
    const source = `${example}/shared-resources/app/${name}`
    console.error(`\n$ cp ${source} ${example}/starter/`)
    copyFileSync(join(root, source), join(root, example, 'starter', name))
  }
}

function show(args) {
  console.error(`\n$ jettison ${args.join(' ')}`)
  return run(join(root, 'bin/jettison'), args, { cwd: root })
}
