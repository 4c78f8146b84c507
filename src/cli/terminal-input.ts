import { isatty } from 'node:tty'
import { Fault } from '../base/index.ts'
import type { ParsedFlags } from './flags.ts'

/**
 * What `-i` and `-t` mean for standard input, as Docker has it: kept open with `-i`; with both it must be a terminal.
 * Node's own stream of it is never touched: the launcher reads it.
 * @throws Fault NOT_A_TERMINAL
 */
export function terminalInput(flags: ParsedFlags): 'inherit' | 'ignore' {
  if (!flags.bool('interactive')) return 'ignore'
  if (flags.bool('tty') && !isatty(0))
    throw new Fault('NOT_A_TERMINAL', 'the input device is not a TTY', {
      hint: 'leave out -t when input comes from a pipe or a file',
    })
  return 'inherit'
}
