import { Fault, formatSize } from '../base/index.ts'
import { parseSize } from '../gate/index.ts'
import type { Compared, Comparison } from './compare.ts'

const metrics = ['size', 'visible', 'layers', 'packages', 'ballast'] as const
type Metric = (typeof metrics)[number]

/** `delta.size > 5MB`: what makes `compare` fail. */
export type Limit = {
  readonly text: string
  readonly of: 'delta' | 'before' | 'after'
  readonly metric: Metric
  readonly operator: '>' | '>=' | '<' | '<='
  readonly value: number
  /** Of the side before; only with `delta`. */
  readonly percent: boolean
}

/** @throws Fault USAGE */
export function parseLimit(text: string): Limit {
  const form =
    /^\s*(delta|before|after)\.([a-z]+)\s*(>=|<=|>|<)\s*([+-]?)(\d+(?:\.\d+)?)\s*((?:[kmg]i?)?b?|%)\s*$/i
  const [, of, name, operator, sign, digits = '', unit = ''] = form.exec(text) ?? []
  const metric = metrics.find((one) => one === (name === 'unpacked' ? 'size' : name))
  const percent = unit === '%'
  const counted = metric === 'layers' || metric === 'packages'
  if (!of || !metric || (percent && of !== 'delta') || (counted && unit !== '' && !percent))
    throw new Fault('USAGE', `--fail-if ${JSON.stringify(text)} cannot be understood`, {
      kind: 'invalid',
      hint: `write e.g. 'delta.size > 5MB', 'delta.ballast > 0', 'after.layers > 12' or 'delta.size > 3%'; there are ${metrics.join(', ')}`,
    })
  const size =
    percent || counted
      ? Number(digits)
      : parseSize(`${digits}${unit}`, '--fail-if', 'the command line')
  return {
    ...{ text: text.trim(), metric, percent, value: sign === '-' ? -size : size },
    of: of as Limit['of'],
    operator: operator as Limit['operator'],
  }
}

/** @returns what is said of a limit that is passed, undefined when it is kept */
export function passed({ before, after }: Comparison, limit: Limit): string | undefined {
  const found = foundValue(limit, before, after)
  const { operator, value } = limit
  const fails =
    (operator === '>' && found > value) ||
    (operator === '>=' && found >= value) ||
    (operator === '<' && found < value) ||
    (operator === '<=' && found <= value)
  return fails ? `${limit.of}.${limit.metric} is ${shown(limit, found)}` : undefined
}

function foundValue({ of, metric, percent }: Limit, before: Compared, after: Compared): number {
  if (of !== 'delta') return (of === 'before' ? before : after)[metric]
  const delta = after[metric] - before[metric]
  if (!percent) return delta
  // Anything is infinitely more than nothing.
  return before[metric] === 0
    ? delta === 0
      ? 0
      : Number.POSITIVE_INFINITY
    : (delta / before[metric]) * 100
}

function shown({ metric, percent }: Limit, found: number): string {
  if (percent) return `${Number.isFinite(found) ? found.toFixed(1) : 'more than any'} %`
  if (metric === 'layers' || metric === 'packages') return String(found)
  return `${found < 0 ? '-' : ''}${formatSize(Math.abs(found))}`
}
