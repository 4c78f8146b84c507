import { expect, test } from 'vitest'
import { exitOnSignal } from './exit.ts'

test('while work is done that nothing can stop, signals do what they do by default', () => {
  const before = process.listenerCount('SIGINT')
  const signals = exitOnSignal(new AbortController())
  const heard = (): number => process.listenerCount('SIGINT') - before
  expect(heard()).toBe(1)
  expect(signals.untilKilled(heard)).toBe(0)
  expect(heard()).toBe(1)
  const fail = (): never => {
    throw new Error('no')
  }
  expect(() => signals.untilKilled(fail)).toThrow('no')
  expect(heard()).toBe(1)
  signals.remove()
  expect(heard()).toBe(0)
})

test('an app in the foreground hears its signals all the time', () => {
  const before = process.listenerCount('SIGTERM')
  const signals = exitOnSignal(new AbortController())
  signals.redirect(() => {})
  expect(signals.untilKilled(() => process.listenerCount('SIGTERM'))).toBe(before + 1)
  signals.remove()
})
