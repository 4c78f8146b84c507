import { expect, test } from 'vitest'
import type { StepTime } from '../document.ts'
import { criticalSteps } from './critical-path.ts'

const step = (title: string, start: number, seconds: number, cached = false): StepTime => ({
  ...{ side: 'after', title, start, seconds },
  outcome: cached ? 'cached' : 'done',
  ...{ line: null, bytes: null },
})

test('the path goes back from the last step over those that each one waited for', () => {
  const steps = [
    step('FROM', 0, 1),
    step('builder: apt', 1, 40),
    step('runtime: apt', 1, 12),
    step('runtime: WORKDIR', 13, 0.1),
    step('builder: wheel', 41.001, 9),
    step('runtime: COPY --from', 50, 2),
  ]
  expect([...criticalSteps(steps)].map(({ title }) => title)).toEqual([
    'runtime: COPY --from',
    'builder: wheel',
    'builder: apt',
    'FROM',
  ])
})

test('what the cache had is not on it, and nothing is critical in a build of nothing else', () => {
  const cached = [step('a', 0, 0, true), step('b', 0, 0, true)]
  expect(criticalSteps([...cached, step('c', 0.1, 3)]).size).toBe(1)
  expect(criticalSteps(cached).size).toBe(0)
})
