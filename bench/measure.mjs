// Times commands as whole processes, the contestants in turn, so that a machine whose speed drifts treats them alike.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Stop } from '../scripts/run.mjs'

/**
 * @param contestants `{name: {command, args, env}}`, or functions of the round that give that
 * @param rounds how often each runs; one more round before them is not counted, unless `warmUp` is false
 * @param timeOf what counts of `{seconds, began, ended, text, peakMiB}` of a run; default: all its seconds
 * @param before called before each run, to change what it will build
 */
export async function inTurn(contestants, { rounds, warmUp = true, timeOf = ({ seconds }) => seconds, before }) {
  const runs = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (let round = warmUp ? 0 : 1; round <= rounds; round++)
    for (const [name, contestant] of Object.entries(contestants)) {
      await before?.(name, round)
      const ran = await once(typeof contestant === 'function' ? contestant(round) : contestant)
      if (round > 0) runs[name].push({ seconds: timeOf(ran), peakMiB: ran.peakMiB })
    }
  return summary(runs)
}

/** One run of a command that has to succeed. `text` is all that it printed. */
export async function once({ command, args, env, cwd }) {
  const began = Date.now()
  const start = process.hrtime.bigint()
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let peak = 0
  const look = () => {
    peak = Math.max(peak, peakOf(child.pid))
  }
  const watch = setInterval(look, 20)
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece) => {
      text += piece
    })
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearInterval(watch)
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (code !== 0) throw new Stop(`${command} ${args.join(' ')} ended with ${code}:\n${text}`, 1)
  return { seconds, began, ended: Date.now(), text, peakMiB: peak }
}

/** Peak resident memory of the process and of those it has now, MiB; a client's daemon is not in it. */
function peakOf(pid) {
  return Math.round(kilobytesOf(pid) / 1024)
}

function kilobytesOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const own = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + kilobytesOf(child), own)
  } catch {
    // It has ended.
    return 0
  }
}

function summary(runs) {
  const [ours, ...peers] = Object.keys(runs)
  const rows = Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [
      name,
      {
        seconds: spread(list.map((run) => run.seconds)),
        peakMiB: Math.max(...list.map((run) => run.peakMiB)),
      },
    ]),
  )
  const ratios = Object.fromEntries(
    peers.map((peer) => [
      `${peer}/${ours}`,
      spread(runs[peer].map((run, round) => run.seconds / (runs[ours][round]?.seconds ?? NaN))),
    ]),
  )
  return { runs: runs[ours].length, ...rows, ratios }
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const round = (value) => Number(value.toPrecision(3))
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
  return { min: round(sorted[0]), median: round(middle), max: round(sorted.at(-1)) }
}
