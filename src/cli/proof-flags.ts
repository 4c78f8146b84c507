import type { FlagSpec, ParsedFlags } from './flags.ts'
import { environmentOf } from './key-values.ts'

/** `--probe` of the commands that prove. */
export const probeFlag: FlagSpec = {
  long: 'probe',
  kind: 'list',
  value: 'PROBE',
  help: '[METHOD] http://:PORT/PATH [BODY] [=> STATUS], "cmd: COMMAND", openapi:FILE or file:FILE (repeatable; more are found by themselves)',
}

/** What both apps are started with, in a proof. */
export const conditionFlags: readonly FlagSpec[] = [
  {
    long: 'service',
    kind: 'list',
    value: 'NAME=IMAGE[,KEY=VALUE…]',
    help: 'Another image that the app reaches as NAME, e.g. db=postgres:16,POSTGRES_PASSWORD=secret (repeatable)',
  },
  {
    long: 'env',
    short: 'e',
    kind: 'list',
    value: 'KEY=VALUE',
    help: 'Set an environment variable of the app, on both sides (repeatable)',
  },
]

/** The values of `conditionFlags`; `KEY` alone takes the value of our own environment. */
export function settingsOf(flags: ParsedFlags): {
  readonly services: readonly string[]
  readonly env: readonly string[]
} {
  return {
    services: flags.list('service'),
    env: environmentOf(flags.list('env'), process.env),
  }
}
