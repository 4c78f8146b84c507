import { afterAll, beforeAll, expect, test } from 'vitest'
import { silent } from '../../src/base/index.ts'
import {
  discoverProbes,
  missingFromProof,
  type Probe,
  type Proof,
  parseProbe,
  prove,
  type RungId,
  type RungResult,
} from '../../src/proof/index.ts'
import { leftovers } from '../support/jettison.ts'
import { type Part, type ProofWorld, proofWorld, realClock } from '../support/proof-world.ts'

let world: ProofWorld

beforeAll(() => {
  world = proofWorld()
})

afterAll(() => {
  world.remove()
})

async function proofOf(
  fatParts: readonly Part[],
  leanParts: readonly Part[],
  given: readonly Probe[] = [],
): Promise<Proof> {
  const fat = await world.image('fat', fatParts)
  const lean = await world.image('lean', leanParts)
  return prove({
    fat,
    lean,
    probes: [...given, ...discoverProbes({ config: fat.config.config })],
    runner: world.engine.proofRunner,
    clock: realClock,
    emit: silent,
  })
}

function rung(proof: Proof, id: RungId): RungResult {
  const found = proof.rungs.find((one) => one.rung === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

function states(proof: Proof): string {
  return proof.rungs
    .map(({ rung: id, status, summary }) => `${id} ${status}: ${summary}`)
    .join('\n')
}

function failing(proof: Proof): readonly RungId[] {
  return proof.rungs.filter(({ status }) => status === 'fail').map((one) => one.rung)
}

test('the same app on fewer layers is equivalent, each rung having looked at something', async () => {
  const proof = await proofOf(['ballast', 'psycopg2', 'app'], ['psycopg2', 'app'])
  expect(failing(proof), states(proof)).toEqual([])
  expect(proof.verdict, states(proof)).toBe('EQUIVALENT')
  for (const id of ['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P10'] as const)
    expect(rung(proof, id), states(proof)).toMatchObject({ status: 'pass' })
  expect(rung(proof, 'P5').examined).toBeGreaterThan(1)
})

test('without libpq5 it is different, and every rung that can see it names it', async () => {
  const proof = await proofOf(['ballast', 'psycopg2', 'app'], ['without-libpq', 'psycopg2', 'app'])
  expect(proof.verdict, states(proof)).toBe('DIFFERENT')
  // Where fat's run could be watched, P2 names the file that it opened as well.
  expect(failing(proof).filter((id) => id !== 'P2')).toEqual(['P3', 'P5', 'P7'])
  expect(rung(proof, 'P3').evidence[0]).toMatchObject({
    subject: 'libpq.so.5',
    package: 'libpq5',
    message: expect.stringMatching(/^libpq\.so\.5 <- .*psycopg2.*\.so \(psycopg2 2\.9\.5\)$/),
  })
  expect(missingFromProof(proof)[0]).toMatchObject({
    kind: 'library',
    soname: 'libpq.so.5',
    package: 'libpq5',
  })
})

test('a compiler left in lean fails P6 by name and path, and leaves the verdict', async () => {
  const proof = await proofOf(['ballast', 'psycopg2', 'app'], ['psycopg2', 'gcc', 'app'])
  expect(failing(proof)).toContain('P6')
  expect(rung(proof, 'P6').evidence[0]).toMatchObject({
    path: '/usr/bin/gcc-12',
    message: expect.stringContaining('RUN gcc'),
  })
  expect(proof.verdict, states(proof)).toBe('EQUIVALENT')
})

test('a broken /health is different, and both answers are shown', async () => {
  const proof = await proofOf(['ballast', 'psycopg2', 'app'], ['psycopg2', 'broken-health'])
  expect(proof.verdict).toBe('DIFFERENT')
  expect(failing(proof)).toContain('P7')
  const shown = rung(proof, 'P7').evidence.find(({ subject }) => subject === 'P7 GET :5000/health')
  expect(shown?.fat).toContain('healthy')
  expect(shown?.lean).toContain('ill')
})

test('when both crash it is unproven, and says what is missing', async () => {
  const proof = await proofOf(['ballast', 'psycopg2', 'crash'], ['psycopg2', 'crash'])
  expect(proof.verdict, states(proof)).toBe('UNPROVEN')
  expect(proof.wouldProve.join('\n')).toMatch(/PostgreSQL server .*\bdb\b/)
})

test('when both answer 404 it is unproven', async () => {
  const probes = [parseProbe('http://:5000/nothing-here')]
  const proof = await proofOf(['ballast', 'psycopg2', 'app'], ['psycopg2', 'app'], probes)
  expect(proof.verdict, states(proof)).toBe('UNPROVEN')
})

test('no mount and no process is left when the proofs are done', () => {
  const mine = leftovers(world.store.root).filter((line) => /^(?:mount|process)/.test(line))
  expect(mine).toEqual([])
})
