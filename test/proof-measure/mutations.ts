import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proof } from '../../src/proof/index.ts'
import type { Report } from '../../src/report/index.ts'
import type { Cli, Ran } from '../support/jettison.ts'

const examples = join(import.meta.dirname, '../../examples')

/** What became of the mutants of one example's lean image. */
export type ExampleMutations = {
  readonly example: string
  readonly total: number
  readonly killed: number
  readonly survivors: readonly { readonly what: string; readonly reason: string }[]
  /** Why there is no mutant: the example is refused, or its own proof is not green. */
  readonly why: string | null
  readonly seconds: number
}

/** Every folder of examples/ with a Dockerfile, whoever added it. */
export function exampleNames(): readonly string[] {
  return readdirSync(examples)
    .sort()
    .filter((name) => folderOf(name) !== undefined)
}

/**
 * Slims an example and tries every mutant of its lean image. An example that is refused has no lean image and gives
 * no mutants.
 */
export async function measureExample(
  jettison: Cli,
  example: string,
  mutants: string,
): Promise<ExampleMutations> {
  const began = performance.now()
  const world = mkdtempSync(join(tmpdir(), `jettison-mutants-${example}-`))
  const tags = ['fat', 'lean'].map((side) => `mutants-${example}-${process.pid}:${side}`)
  const [fat = '', lean = ''] = tags
  try {
    cpSync(folderOf(example) ?? '', world, { recursive: true })
    fillIn(example, world)
    const slimmed = await jettison.run([
      ...[
        'slim',
        '--json',
        '--bases',
        'stand-in',
        '--mutations',
        '0',
        '--tag-fat',
        fat,
        '--tag',
        lean,
        world,
      ],
    ])
    const report = JSON.parse(slimmed.stdout || '{}') as Partial<Report>
    if (report.verdict !== 'EQUIVALENT') return nothing(example, began, whyNot(report, slimmed))
    const ran = await jettison.run(['prove', '--json', '--mutations', mutants, fat, lean])
    const proof = JSON.parse(ran.stdout) as Proof
    return { ...counted(proof), example, why: null, seconds: (performance.now() - began) / 1000 }
  } finally {
    rmSync(world, { recursive: true, force: true })
    await jettison.run(['rmi', ...tags])
  }
}

/** The challenge keeps its app beside the starter, as its task 1 says. */
function fillIn(example: string, world: string): void {
  const app = join(examples, example, 'shared-resources/app')
  if (!existsSync(app)) return
  for (const name of readdirSync(app))
    writeFileSync(join(world, name), readFileSync(join(app, name)))
}

function folderOf(example: string): string | undefined {
  return ['', 'starter']
    .map((sub) => join(examples, example, sub))
    .find((folder) => existsSync(join(folder, 'Dockerfile')))
}

function whyNot({ refusal, verdict }: Partial<Report>, { stderr }: Ran): string {
  if (refusal) return `refused: ${refusal.code}`
  return verdict ? `its own proof says ${verdict}` : stderr.trim().split('\n').slice(-3).join(' ')
}

function nothing(example: string, began: number, why: string): ExampleMutations {
  return {
    example,
    total: 0,
    killed: 0,
    survivors: [],
    why,
    seconds: (performance.now() - began) / 1000,
  }
}

/** P9's evidence, one line a mutant: `without WHAT: RUNG: MESSAGE`, or `without WHAT: no … names it`. */
function counted(proof: Proof): Pick<ExampleMutations, 'total' | 'killed' | 'survivors'> {
  const rung = proof.rungs.find(({ rung: id }) => id === 'P9')
  const survivors = (rung?.evidence ?? [])
    .filter(({ lean }) => lean === 'survives')
    .map(({ subject = '', message }) => ({ what: subject, reason: message }))
  const total = rung?.examined ?? 0
  return { total, killed: total - survivors.length, survivors }
}
