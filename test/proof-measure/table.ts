import type { NotHere, Suite } from './cases.ts'
import type { ExampleMutations } from './mutations.ts'
import type { Outcome } from './pair.ts'

/** One failure class: whether every pair of it is caught, and by what. */
export type ClassRow = {
  readonly id: string
  readonly title: string
  /** null: it cannot be shown here, for the reason in `message`. */
  readonly caught: boolean | null
  readonly rung: string | null
  readonly message: string
  /** Asking for what is broken breaks it; null when no pair of the class says what to ask. */
  readonly shown: boolean | null
  readonly pairs: readonly string[]
}

export type Measure = {
  readonly classes: readonly ClassRow[]
  readonly attacks: readonly {
    readonly name: string
    readonly title: string
    readonly caught: boolean
    readonly rung: string | null
    readonly message: string
    /** Whether asking the lean image for what it lacks goes wrong; null when nothing of the pair asks. */
    readonly shown: boolean | null
  }[]
  readonly mutations: {
    readonly total: number
    readonly killed: number
    /** Mutants that were not made, when a number of them was asked for. */
    readonly leftOut: number
    readonly byExample: readonly ExampleMutations[]
    readonly survivors: readonly {
      readonly example: string
      readonly what: string
      readonly reason: string
    }[]
  }
  /** Pairs that must be equivalent and are judged so. */
  readonly equivalent: number
  /** Names of pairs that are broken and were called EQUIVALENT. */
  readonly falseEquivalent: readonly string[]
  /** Names of pairs that are equivalent and were not called so, with what was said. */
  readonly falseDifferent: readonly string[]
  readonly good: boolean
}

/** Of the mutants of all examples, at least so many are caught (DESIGN §7). */
const leastKilled = 0.95

export function summarise(found: {
  readonly outcomes: Readonly<Record<Suite, readonly Outcome[]>>
  readonly notHere: readonly NotHere[]
  readonly mutations: readonly ExampleMutations[]
}): Measure {
  const { outcomes, mutations } = found
  const broken = [...outcomes.failures, ...outcomes.attacks]
  const total = sum(mutations.map((one) => one.total))
  const killed = sum(mutations.map((one) => one.killed))
  const falseEquivalent = broken
    .filter(({ verdict }) => verdict === 'EQUIVALENT')
    .map(({ name }) => name)
  const falseDifferent = outcomes.equivalent
    .filter(({ right }) => !right)
    .map(({ name, verdict, rung, message }) => `${name}: ${verdict} ${rung ?? ''} ${message}`)
  const classes = [...rowsOf(outcomes.failures), ...found.notHere.map(rowOfAbsent)].sort(
    (a, b) => numberOf(a.id) - numberOf(b.id),
  )
  return {
    classes,
    attacks: outcomes.attacks.map(({ name, title, right, rung, message, shown }) => ({
      ...{ name, title, caught: right, rung, message, shown },
    })),
    mutations: {
      total,
      killed,
      leftOut: sum(mutations.map((one) => one.leftOut)),
      byExample: mutations,
      survivors: mutations.flatMap(({ example, survivors }) =>
        survivors.map((one) => ({ example, ...one })),
      ),
    },
    equivalent: outcomes.equivalent.length - falseDifferent.length,
    falseEquivalent,
    falseDifferent,
    good:
      falseEquivalent.length + falseDifferent.length === 0 &&
      broken.every(({ right, shown }) => right && shown !== false) &&
      killed >= total * leastKilled &&
      mutations.every(({ asExpected }) => asExpected),
  }
}

function rowsOf(outcomes: readonly Outcome[]): readonly ClassRow[] {
  const ids = [...new Set(outcomes.map((one) => one.class))]
  return ids.map((id) => {
    const mine = outcomes.filter((one) => one.class === id)
    const [first] = [...mine.filter(({ right }) => !right), ...mine]
    const asked = mine.flatMap(({ shown }) => (shown === null ? [] : [shown]))
    return {
      id,
      title: mine.map(({ title }) => title).join('; '),
      caught: mine.every(({ right }) => right),
      rung: first?.rung ?? null,
      message: first?.message ?? '',
      shown: asked.length === 0 ? null : asked.every(Boolean),
      pairs: mine.map(({ name }) => name),
    }
  })
}

function rowOfAbsent({ class: id, title, reason }: NotHere): ClassRow {
  return { id, title, caught: null, rung: null, message: reason, shown: null, pairs: [] }
}

/** The measure for people. */
export function tableOf(measure: Measure): string {
  const { classes, attacks, mutations, falseEquivalent, falseDifferent } = measure
  const lines: string[] = []
  for (const { id, caught, rung, title, message, shown } of classes) {
    const state = caught === null ? 'not here' : caught ? 'caught' : 'MISSED'
    lines.push(`${id.padEnd(4)} ${state.padEnd(9)} ${(rung ?? '').padEnd(6)} ${title}`)
    lines.push(
      `     ${short(message)}${shown === false ? '   (ASKING FOR IT BREAKS NOTHING)' : ''}`,
    )
  }
  if (attacks.length > 0) {
    const missed = attacks.filter(({ caught }) => !caught)
    lines.push('', `attacks      ${attacks.length - missed.length} of ${attacks.length} caught`)
    for (const { name, rung, message } of missed)
      lines.push(`  ${name}: ${rung ?? ''} ${short(message)}`)
    for (const { name } of attacks.filter(({ shown }) => shown === false))
      lines.push(`  ${name}: asking for it breaks nothing`)
  }
  for (const one of mutations.byExample) lines.push(lineOf(one))
  for (const { example, what, reason } of mutations.survivors)
    lines.push(`  ${example}: ${what} survives: ${reason}`)
  if (mutations.total > 0)
    lines.push(
      `mutants      ${mutations.killed} of ${mutations.total} caught (${((100 * mutations.killed) / mutations.total).toFixed(1)} %)`,
    )
  lines.push(
    '',
    `false EQUIVALENT  ${falseEquivalent.length}${falseEquivalent.map((name) => `\n  ${name}`).join('')}`,
  )
  lines.push(
    `false DIFFERENT   ${falseDifferent.length} of ${measure.equivalent + falseDifferent.length}${falseDifferent.map((name) => `\n  ${short(name)}`).join('')}`,
  )
  return `${lines.join('\n')}\n`
}

/** What became of one example, with its seconds. */
export function lineOf(one: ExampleMutations): string {
  const { example, total, killed, leftOut, why, asExpected, seconds } = one
  const rest = leftOut === 0 ? '' : `, ${leftOut} more left out`
  const found = why === null ? `${killed} of ${total} caught${rest}` : `none, ${why}`
  return `${asExpected ? '' : 'UNEXPECTED '}mutants of ${example}: ${found} (${seconds.toFixed(1)} s)`
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 150 ? `${line.slice(0, 149)}…` : line
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function numberOf(id: string): number {
  return Number(id.replace(/\D/g, ''))
}
