import { describeFault, type Fault } from '../base/index.ts'
import type { Paint } from '../report/index.ts'
import { fitWidth } from './table.ts'
import { printable } from './terminal.ts'

/** A fault as a terminal shows it: sentences broken at blanks, the code of the frame as it is, and where to read more. */
export function faultForTerminal(fault: Fault, columns: number, paint: Paint): string {
  const styles = { error: 'red', hint: 'cyan', code: 'dim' } as const
  return `${printable(describeFault(fault))} (jettison explain ${fault.code} says more)`
    .split('\n')
    .map((line) => {
      const [, name] = /^(error|hint|code): /.exec(line) ?? []
      if (name !== 'error' && name !== 'hint' && name !== 'code') return line
      return fitWidth(line, columns).replace(name, (word) => paint(styles[name], word))
    })
    .join('\n')
}
