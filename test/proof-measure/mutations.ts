import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// biome-ignore lint/correctness/useImportExtensions: the types lie beside the module, and are not what runs
import { examplesIn, layOut, settingsOf, slimWords } from '../../scripts/example-project.mjs'
import type { Report } from '../../src/report/index.ts'
import type { Cli, Ran } from '../support/jettison.ts'

const examples = join(import.meta.dirname, '../../examples')

/** What became of the mutants of one example's lean image. */
export type ExampleMutations = {
  readonly example: string
  readonly total: number
  readonly killed: number
  /** Mutants that a sample left out. */
  readonly leftOut: number
  readonly survivors: readonly { readonly what: string; readonly reason: string }[]
  /** Why there is no mutant: the example is refused, or its own proof is not green. */
  readonly why: string | null
  /** The example ends as its example.json says that it has to. */
  readonly asExpected: boolean
  readonly seconds: number
}

/** Every project of examples/, whoever added it. */
export function exampleNames(): readonly string[] {
  return examplesIn(examples)
}

/**
 * Slims an example as `npm run examples` does, with its own context, file, arguments and probes, and tries mutants of
 * its lean image. An example that is refused has no lean image and gives no mutants.
 */
export async function measureExample(
  jettison: Cli,
  example: string,
  mutants: string,
): Promise<ExampleMutations> {
  const began = performance.now()
  const world = mkdtempSync(join(tmpdir(), `jettison-mutants-${example}-`))
  const settings = settingsOf(join(examples, example))
  const of = (found: Found): ExampleMutations => ({
    example,
    ...found,
    seconds: (performance.now() - began) / 1000,
  })
  try {
    const place = join(world, 'project')
    const unprepared = layOut(join(examples, example), settings, place)
    if (unprepared !== null) return of(nothing(unprepared, false))
    const options = ['--json', '--bases', 'stand-in', '--mutations', mutants]
    const ran = await jettison.run(['slim', ...options, ...slimWords(place, settings)])
    const report = JSON.parse(ran.stdout || '{}') as Partial<Report>
    const expected = settings.refusal ?? settings.verdict
    const asExpected = (report.refusal?.code ?? report.verdict) === expected
    if (report.verdict !== 'EQUIVALENT') return of(nothing(whyNot(report, ran), asExpected))
    return of({ ...counted(report), why: null, asExpected })
  } finally {
    rmSync(world, { recursive: true, force: true })
  }
}

type Found = Omit<ExampleMutations, 'example' | 'seconds'>

function whyNot({ refusal, verdict, proof = [] }: Partial<Report>, { stderr }: Ran): string {
  if (refusal) return `refused: ${refusal.code}`
  const status = verdict === 'UNPROVEN' ? 'unproven' : 'fail'
  const open = proof.find((one) => one.status === status && one.rung !== 'P9')
  if (verdict) return `its own proof says ${verdict}: ${open?.rung ?? ''} ${open?.summary ?? ''}`
  return stderr.trim().split('\n').slice(-3).join(' ')
}

function nothing(why: string, asExpected: boolean): Found {
  return { total: 0, killed: 0, leftOut: 0, survivors: [], why, asExpected }
}

/** P9's evidence, one line a mutant: `without WHAT: RUNG: MESSAGE`, or `without WHAT: no … names it`. */
function counted({ proof = [] }: Partial<Report>): Omit<Found, 'why' | 'asExpected'> {
  const rung = proof.find(({ rung: id }) => id === 'P9')
  const survivors = (rung?.evidence ?? [])
    .filter(({ lean }) => lean === 'survives')
    .map(({ subject = '', message }) => ({ what: subject, reason: message }))
  const total = rung?.evidence.length ?? 0
  const possible = Number(/, of (\d+) possible$/.exec(rung?.summary ?? '')?.[1] ?? total)
  return { total, killed: total - survivors.length, leftOut: possible - total, survivors }
}
