// The proof of the challenge, beyond its builds: the whole of it as a process, and the static rungs by their own clock.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/build.mjs'
import { capture, Stop } from '../scripts/run.mjs'
import { inTurn } from './measure.mjs'

const [fat, lean] = ['bench-proof:fat', 'bench-proof:lean']
const staticRungs = ['P1', 'P2', 'P3', 'P4', 'P6', 'P10']

export const proofCases = {
  proof: {
    shows:
      'the whole proof of the challenge on images that are built already: both started, asked and stopped, four mutants; and its static rungs alone (static)',
    images: ['python:3.11', 'python:3.11-slim'],
    daemon: false,
    run: async ({ folder, jettison }) => {
      const example = join(root, 'examples/challenge-02')
      cpSync(join(example, 'starter'), folder, { recursive: true })
      cpSync(join(example, 'shared-resources/app'), folder, { recursive: true })
      const tags = ['--tag-fat', fat, '--tag', lean]
      await must(jettison, ['slim', '--json', '--mutations', '0', ...tags, folder], [0])
      try {
        const prove = { ...jettison, args: ['prove', '--json', '--progress', 'quiet', fat, lean] }
        const whole = await inTurn({ jettison: prove }, { rounds: 5 })
        const alone = await inTurn({ jettison: prove }, { rounds: 5, timeOf: staticSeconds })
        return { ...whole, static: alone.jettison.seconds }
      } finally {
        await must(jettison, ['rmi', fat, lean], [0, 1])
      }
    },
  },
}

function staticSeconds({ text }) {
  const { rungs } = JSON.parse(text)
  const timed = rungs.filter(({ rung }) => staticRungs.includes(rung))
  return timed.reduce((sum, { ms }) => sum + ms, 0) / 1000
}

async function must({ command, env }, args, codes) {
  const { code, stdout, stderr } = await capture(command, args, { env: { ...process.env, ...env } })
  if (!codes.includes(code)) throw new Stop(`jettison ${args.join(' ')} ended with ${code}:\n${stderr}`, 1)
  return stdout
}
