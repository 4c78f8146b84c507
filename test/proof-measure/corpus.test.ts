import { expect, test } from 'vitest'
import { storeWithBases } from '../support/bases.ts'
import { type Case, casesOf, classesNotHere } from './cases.ts'
import { exampleNames } from './mutations.ts'
import { runCase } from './pair.ts'
import { sampled } from './sample.ts'
import { summarise } from './table.ts'

/** `npm run proof:measure` judges all of them; here a few, chosen by a seed. */
const seed = '9'

/** Bases that the other tests have made already; and pairs that install large packages are left to the full measure. */
const atHand = new Set(['python:3.11', 'python:3.11-slim', 'debian:bookworm-slim'])
const quick = (suite: Parameters<typeof casesOf>[0]): readonly Case[] =>
  casesOf(suite).filter(({ bases }) => bases.every((base) => atHand.has(base)))

test('every class of the catalogue has a pair, or a reason why it has none', () => {
  const here = new Set(casesOf('failures').map((one) => one.class))
  const absent = new Set(classesNotHere().map((one) => one.class))
  const all = Array.from({ length: 29 }, (_, at) => `F${at + 1}`)
  expect(all.filter((id) => here.has(id) === absent.has(id))).toEqual([])
  for (const one of casesOf('failures')) expect(one, one.name).toHaveProperty('rung')
})

test('there are attacks, pairs that only look different, and examples to mutate', () => {
  expect(casesOf('attacks').length).toBeGreaterThanOrEqual(20)
  expect(casesOf('equivalent').length).toBeGreaterThanOrEqual(10)
  expect(exampleNames()).toEqual(expect.arrayContaining(['challenge-02', 'psycopg2']))
})

for (const suite of ['failures', 'equivalent'] as const)
  test(`one of the pairs of ${suite} is judged as it should be (seed ${seed})`, async () => {
    const chosen = sampled(quick(suite), 1, seed)
    const jettison = storeWithBases([...new Set(chosen.flatMap(({ bases }) => bases))])
    for (const one of chosen) {
      const outcome = await runCase(jettison, one, { symptoms: false })
      expect(outcome, outcome.name).toMatchObject({ right: true })
    }
  })

test('a broken pair that is called EQUIVALENT fails the measure, and so does one that breaks nothing', () => {
  const right = {
    name: 'F01-x',
    class: 'F1',
    title: 'x',
    expected: 'DIFFERENT',
    verdict: 'DIFFERENT',
    right: true,
    rung: 'P3',
    message: 'libx',
    shown: true,
    seconds: 1,
  } as const
  const measured = (failures: Parameters<typeof summarise>[0]['outcomes']['failures']) =>
    summarise({
      outcomes: { failures, attacks: [], equivalent: [] },
      notHere: [],
      mutations: [],
    })
  expect(measured([right])).toMatchObject({ good: true, falseEquivalent: [] })
  const wrong = { ...right, verdict: 'EQUIVALENT', right: false } as const
  expect(measured([right, wrong])).toMatchObject({ good: false, falseEquivalent: ['F01-x'] })
  expect(measured([{ ...right, shown: false }]).good).toBe(false)
})
