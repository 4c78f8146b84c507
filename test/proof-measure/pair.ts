import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proof } from '../../src/proof/index.ts'
import type { Cli } from '../support/jettison.ts'
import { type Case, shared } from './cases.ts'

/** What the ladder said of one pair. */
export type Outcome = {
  readonly name: string
  readonly class: string
  readonly title: string
  readonly expected: Case['verdict']
  readonly verdict: Case['verdict']
  /** The expected verdict, by the expected rung, with the expected message. */
  readonly right: boolean
  /** The rung and its message that fit the expectation, else the first that failed. */
  readonly rung: string | null
  readonly message: string
  /** Whether asking for the broken thing shows it; null when the case names none or it was not asked. */
  readonly shown: boolean | null
  readonly seconds: number
}

/** Builds both images of a case and climbs the ladder. Tags and files are gone afterwards. */
export async function runCase(
  jettison: Cli,
  one: Case,
  options: { readonly symptoms: boolean },
): Promise<Outcome> {
  const began = performance.now()
  const folder = mkdtempSync(join(tmpdir(), `jettison-pair-${one.name}-`))
  const tags = ['fat', 'lean'].map(
    (side) => `pair-${one.name.toLowerCase()}-${process.pid}:${side}`,
  )
  const [fat = '', lean = ''] = tags
  try {
    cpSync(shared, folder, { recursive: true })
    cpSync(one.folder, folder, { recursive: true })
    const judged = await judge(jettison, one, { folder, fat, lean, ...options }).catch(broken)
    const { name, title, verdict: expected } = one
    const seconds = (performance.now() - began) / 1000
    return { name, class: one.class, title, expected, ...judged, seconds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await jettison.run(['rmi', ...tags])
  }
}

type Setting = {
  readonly folder: string
  readonly fat: string
  readonly lean: string
  readonly symptoms: boolean
}

type Judged = Pick<Outcome, 'verdict' | 'right' | 'rung' | 'message' | 'shown'>

/** A case that is broken itself: it proves nothing, and is not right. */
function broken(error: unknown): Judged {
  const message = error instanceof Error ? error.message : String(error)
  return { verdict: 'NOT BUILT', right: false, rung: null, message, shown: null }
}

async function judge(jettison: Cli, one: Case, setting: Setting): Promise<Judged> {
  const { folder, fat, lean } = setting
  await build(jettison, folder, 'fat', fat, 'must')
  const refusal = await build(
    jettison,
    folder,
    'lean',
    lean,
    one.verdict === 'NOT BUILT' ? 'may fail' : 'must',
  )
  if (refusal !== null) {
    const line = refusal
      .split('\n')
      .find((text) => one.message !== undefined && text.includes(one.message))
    const message = line?.trim() ?? refusal.trim().split('\n').at(-1) ?? ''
    return { verdict: 'NOT BUILT', right: line !== undefined, rung: 'build', message, shown: null }
  }
  const proof = await prove(jettison, fat, lean, [])
  const failed = failures(proof)
  const fitting = failed.find(
    ({ rung, message }) =>
      (one.rung === undefined || rung === one.rung) && message.includes(one.message ?? ''),
  )
  const shows = setting.symptoms && one.symptom !== undefined ? one.symptom : null
  const expectsFailure = one.verdict === 'DIFFERENT'
  const found = expectsFailure ? (fitting ?? failed[0]) : failed[0]
  return {
    verdict: proof.verdict,
    right: proof.verdict === one.verdict && (expectsFailure ? fitting !== undefined : true),
    rung: found?.rung ?? null,
    message: found?.message ?? (proof.verdict === 'UNPROVEN' ? unproven(proof) : ''),
    shown: shows === null ? null : await isShown(jettison, fat, lean, shows),
  }
}

async function build(
  jettison: Cli,
  folder: string,
  side: string,
  tag: string,
  mode: 'must' | 'may fail',
): Promise<string | null> {
  const file = join(folder, `${side}.Dockerfile`)
  const args = ['build', '--progress', 'plain', '-f', file, '-t', tag, folder]
  const ran = await jettison.run(args)
  if (ran.code === 0) return null
  const text = `${ran.stdout}\n${ran.stderr}`
  if (mode === 'must') throw new Error(`${side} of ${folder} does not build:\n${text.slice(-3000)}`)
  return text
}

async function prove(
  jettison: Cli,
  fat: string,
  lean: string,
  probes: readonly string[],
): Promise<Proof> {
  const asked = probes.flatMap((probe) => ['--probe', probe])
  const ran = await jettison.run(['prove', '--json', '--mutations', '0', ...asked, fat, lean])
  try {
    return JSON.parse(ran.stdout) as Proof
  } catch (cause) {
    const said = `exit ${ran.code}\n${ran.stderr.slice(-2000)}`
    throw new Error(`prove ${fat} ${lean}: ${said}`, { cause })
  }
}

/** Failures of the rungs that decide the verdict. */
function failures({
  rungs,
}: Proof): readonly { readonly rung: string; readonly message: string }[] {
  return rungs
    .filter(({ rung, status }) => status === 'fail' && rung !== 'P6' && rung !== 'P10')
    .flatMap(({ rung, evidence }) => evidence.map(({ message }) => ({ rung, message })))
}

function unproven({ rungs }: Proof): string {
  return rungs
    .filter(({ status }) => status === 'unproven')
    .map(({ rung, summary }) => `${rung}: ${summary}`)
    .join('; ')
}

async function isShown(jettison: Cli, fat: string, lean: string, path: string): Promise<boolean> {
  const proof = await prove(jettison, fat, lean, [`http://:8000${path}`])
  const works = proof.rungs.find(({ rung }) => rung === 'P0')?.status === 'pass'
  const broken = failures(proof).some(
    ({ rung, message }) => rung === 'P7' && message.includes(path),
  )
  return works && broken
}
