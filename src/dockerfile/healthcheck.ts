import { parseDuration } from './duration.ts'
import { flagParts } from './flags.ts'
import type { Problem, SyntaxNode } from './syntax.ts'
import type { Token } from './words.ts'

const millisecond = 1e6

/** What is wrong with the type, the command or the flag values of a HEALTHCHECK. */
export function healthcheckProblem(
  node: SyntaxNode,
  type: Token,
  command: readonly Token[],
): Problem | null {
  const name = type.text.toUpperCase()
  if (name === 'NONE') {
    if (command.length === 0) return null
    return problem('TOO_MANY_ARGUMENTS', 'HEALTHCHECK NONE takes no arguments', command[0] ?? type)
  }
  if (name !== 'CMD') {
    const message = `Unknown type ${JSON.stringify(name)} in HEALTHCHECK (try CMD)`
    return problem('BAD_HEALTHCHECK', message, type)
  }
  if (command.length === 0)
    return problem('MISSING_ARGUMENT', 'Missing command after HEALTHCHECK CMD', type)
  for (const flag of node.flags) {
    const found = badValue(flag)
    if (found) return found
  }
  return null
}

function badValue(flag: Token): Problem | null {
  const { name, value } = flagParts(flag)
  if (value === null || value === '') return null
  if (name === 'retries') {
    if (!/^[+-]?\d+$/.test(value)) return bad(flag, `invalid number of retries: ${value}`)
    if (Number(value) < 0) return bad(flag, `--retries cannot be negative (${value})`)
    return Number(value) > 0x7fff_ffff ? bad(flag, `too many retries: ${value}`) : null
  }
  if (!['interval', 'timeout', 'start-period', 'start-interval'].includes(name)) return null
  const duration = parseDuration(value)
  if (duration === null) return bad(flag, `time: invalid duration ${JSON.stringify(value)}`)
  if (duration === 0 || duration >= millisecond) return null
  return bad(flag, `Interval ${JSON.stringify(name)} cannot be less than 1ms`)
}

function bad(flag: Token, message: string): Problem {
  return {
    ...problem('BAD_FLAG_VALUE', message, flag),
    hint: 'Durations are written as 500ms, 30s, 1m30s or 2h.',
  }
}

function problem(code: string, message: string, at: Token): Problem {
  return { code, message, at }
}
