import { Fault } from '../base/index.ts'
import type { Command } from './command.ts'

/** `--mutations` of the commands that prove. */
export const mutationsFlag: Command['spec']['flags'][number] = {
  long: 'mutations',
  kind: 'string',
  value: 'N',
  help: 'Mutants of the lean image on which rung P9 tests the proof: a number, or all',
}

/** @throws Fault USAGE */
export function mutationsOf(text: string | undefined): number | 'all' | undefined {
  if (text === undefined || text === 'all') return text
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Fault('USAGE', `--mutations takes a number or all, not ${text}`, { kind: 'invalid' })
}
