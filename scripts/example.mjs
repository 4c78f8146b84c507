// One project of examples/: built by hand, slimmed, slimmed again, and held to what it expects.
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './build.mjs'
import { examplesIn, layOut, settingsOf, slimWords } from './example-project.mjs'
import { capture } from './run.mjs'

const examples = join(root, 'examples')
const goldens = join(root, 'test/golden/examples')
const jettison = join(root, 'bin/jettison')

/** A lean image may be this much larger than the hand-written one. */
const mostOverHand = 1.25
const mostPlanSeconds = 1

/** Every project of examples/. */
export function exampleNames() {
  return examplesIn(examples)
}

/** @returns a row of the table, with everything that is not as it should be under `problems` */
export async function runExample(name, { store, bases, update }) {
  const world = ['--root', store, '--bases', bases]
  const project = join(examples, name)
  const settings = settingsOf(project)
  const scratch = mkdtempSync(join(tmpdir(), 'jettison-example-'))
  try {
    // Under its own context path, so that what the runs leave behind never lands in the repository.
    const place = join(scratch, 'project')
    const unprepared = layOut(project, settings, place)
    if (unprepared !== null) return broken(name, unprepared)
    const byHand = await buildByHand(place, settings, world)
    const first = await slim(place, settings, world, ['--out', join(scratch, 'out')])
    if (first.report === null) return broken(name, `slim ended with code ${first.code}: ${first.error}`)
    const row = rowOf(name, first, byHand)
    const again =
      row.verdict === 'EQUIVALENT' ? await slimAgain(place, settings, world, first.report) : null
    row.problems = [
      ...expected(row, settings, first),
      ...held(row, first.report, byHand),
      ...(again === null ? [] : idempotent(again)),
      ...golden(name, join(project, settings.context), settings, first.report, update),
    ]
    return row
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function rowOf(name, { report, seconds, planSeconds }, byHand) {
  const fat = report.fat.size
  const lean = report.lean?.size ?? null
  return {
    project: name,
    ecosystem: report.ecosystem ?? null,
    fat,
    lean,
    cut: lean === null ? null : Number((1 - lean / fat).toFixed(4)),
    verdict: report.refusal ? 'REFUSED' : report.verdict,
    reason: report.refusal?.code ?? null,
    seconds: Number(seconds.toFixed(1)),
    planSeconds,
    handwritten: byHand?.size ?? null,
    standInBases: report.standInBases,
    problems: [],
  }
}

function broken(name, problem) {
  return {
    ...{ project: name, ecosystem: null, fat: null, lean: null, cut: null, verdict: 'FAILED' },
    ...{ reason: null, seconds: 0, planSeconds: null, handwritten: null, standInBases: false },
    problems: [problem],
  }
}

async function buildByHand(project, { context, handwritten }, world) {
  const file = join(project, handwritten)
  if (!existsSync(file)) return null
  const args = ['build', ...world, '-q', '-f', file, join(project, context)]
  const built = await capture(jettison, args)
  if (built.code !== 0) return { size: null, error: lastLine(built) }
  const shown = await capture(jettison, ['inspect', ...world.slice(0, 2), built.stdout.trim()])
  return { size: JSON.parse(shown.stdout)[0].Size }
}

/** Runs `jettison slim` and reads its report, and when planning began and ended. */
function slim(project, settings, world, more) {
  const words = ['slim', ...slimWords(project, settings), ...world, '--json', '--progress', 'json', ...more]
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(jettison, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (chunk) => (text[name] += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000
      const events = eventsOf(text.stderr)
      const at = (phase) => events.find((one) => one.kind === 'phase' && one.name === phase)?.t
      const planned = at('build lean') ?? events.findLast((one) => one.t !== undefined)?.t
      const planSeconds = at('plan') === undefined ? null : (planned - at('plan')) / 1000
      resolve({ code, seconds, planSeconds, report: parsed(text.stdout), error: lastLine(text) })
    })
  })
}

/** The project with the lean Dockerfile in place of the fat one. */
function slimAgain(project, settings, world, { dockerfile, dockerignore }) {
  const context = join(project, settings.context)
  writeFileSync(join(context, settings.file), dockerfile.text)
  if (dockerignore) writeFileSync(join(context, '.dockerignore'), dockerignore.text)
  return slim(project, settings, world, [])
}

function expected({ verdict, reason }, settings, { code, report }) {
  if (settings.refusal !== null)
    return reason === settings.refusal
      ? []
      : [`expected the refusal ${settings.refusal}, got ${reason ?? verdict}`]
  if (verdict !== settings.verdict)
    return [`expected ${settings.verdict}, got ${reason ?? verdict}${whyNot(report)}`]
  return verdict === 'EQUIVALENT' && code !== 0 ? [`slim ended with code ${code}${whyNot(report)}`] : []
}

function whyNot({ proof, refusal, acceptance }) {
  const rungs = proof
    .filter(({ status }) => status === 'fail')
    .map(({ rung, evidence }) => `${rung} ${evidence[0]?.message ?? ""}`)
  const failed = acceptance.filter(({ pass }) => !pass).map(({ title }) => title)
  const all = [...rungs, ...failed, ...(refusal ? [refusal.message, ...refusal.details] : [])]
  return all.length === 0 ? '' : `: ${all.join('; ')}`
}

function held({ lean, planSeconds }, report, byHand) {
  if (lean === null) return []
  const left = report.proof.find(({ rung }) => rung === 'P6')
  return [
    ...(byHand?.error === undefined ? [] : [`the hand-written Dockerfile does not build: ${byHand.error}`]),
    ...(byHand === null ? ['there is no hand-written Dockerfile to compare with'] : []),
    ...(byHand?.size && lean > byHand.size * mostOverHand
      ? [`lean is ${(lean / byHand.size).toFixed(2)} times the hand-written image`]
      : []),
    ...(left?.status === 'pass' ? [] : ['something of the build is left in the lean image (P6)']),
    ...(planSeconds !== null && planSeconds >= mostPlanSeconds && !isBusy()
      ? [`planning took ${planSeconds.toFixed(1)} s`]
      : []),
  ]
}

/** Seconds say nothing about planning while other programs have the processors. */
function isBusy() {
  return loadavg()[0] > availableParallelism() * 1.5
}

function idempotent({ report, error }) {
  const code = report?.refusal?.code
  return code === 'already-lean'
    ? []
    : [`slim on its own output: ${code ?? report?.verdict ?? error} instead of already-lean`]
}

/** The texts before and after, or before and the refusal, as they were reviewed. */
function golden(name, context, { file }, { dockerfile, refusal }, update) {
  const folder = join(goldens, name)
  const texts = {
    'before.Dockerfile': readFileSync(join(context, file), 'utf8'),
    ...(refusal
      ? { 'refusal.txt': `${refusal.code}\n` }
      : { 'after.Dockerfile': dockerfile.text }),
  }
  if (update) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const [one, text] of Object.entries(texts)) writeFileSync(join(folder, one), text)
    return []
  }
  const differs = Object.entries(texts).filter(
    ([one, text]) => !existsSync(join(folder, one)) || readFileSync(join(folder, one), 'utf8') !== text,
  )
  return differs.map(([one]) => `${one} is not the golden text: review it, then --update`)
}

function eventsOf(text) {
  return text.split('\n').flatMap((one) => (one.startsWith('{') ? [parsed(one) ?? {}] : []))
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What went wrong, in one line: the error when there is one, else what was said last. */
function lastLine({ stderr }) {
  const lines = stderr.trim().split('\n')
  return lines.findLast((line) => line.startsWith('error:')) ?? lines.at(-1) ?? ''
}
