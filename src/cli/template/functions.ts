/** A function of templates. @throws Error with the reason when the arguments are of the wrong kind */
export type TemplateFunction = (...args: readonly unknown[]) => unknown

/** Go's idea of what is not empty. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

/** As Go's `fmt.Print` shows it: `[a b]`, `map[k:v]`. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '<no value>'
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const pairs = sortedEntries(value).map(([key, item]) => `${key}:${shown(item)}`)
  return `map[${pairs.join(' ')}]`
}

export function sortedEntries(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function indexed(value: unknown, ...keys: readonly unknown[]): unknown {
  return keys.reduce((found: unknown, key) => {
    if (Array.isArray(found)) {
      const at = Number(key)
      if (!(at >= 0 && at < found.length)) throw new Error(`index out of range: ${String(key)}`)
      return found[at] as unknown
    }
    if (found === null || typeof found !== 'object')
      throw new Error('index of what has no elements')
    return (found as Readonly<Record<string, unknown>>)[String(key)]
  }, value)
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  if (value !== null && typeof value === 'object') return Object.keys(value).length
  throw new Error('len of what has no length')
}

/** With blanks between two that are no strings. */
function print(...args: readonly unknown[]): string {
  return args
    .map((arg, at) => {
      const plain = at > 0 && typeof arg !== 'string' && typeof args[at - 1] !== 'string'
      return `${plain ? ' ' : ''}${shown(arg)}`
    })
    .join('')
}

/** The verbs that people use: `%s %v %d %q %x`, with width, precision and `%%`. */
function printf(format: unknown, ...args: readonly unknown[]): string {
  const rest = [...args]
  return String(format).replace(
    /%(-?)(0?)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (_all, left: string, zero: string, width: string, digits: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      const text = verbs(verb, rest.shift(), digits)
      return left ? text.padEnd(Number(width)) : text.padStart(Number(width), zero || ' ')
    },
  )
}

function verbs(verb: string, value: unknown, digits: string | undefined): string {
  if (verb === 'q') return JSON.stringify(shown(value))
  if (verb === 'x') return Number(value).toString(16)
  if (verb === 'f') return Number(value).toFixed(Number(digits ?? 6))
  if (!/[svd]/.test(verb)) throw new Error(`%${verb} is not among the verbs %s %v %d %q %x %f`)
  return digits === undefined ? shown(value) : shown(value).slice(0, Number(digits))
}

function compared(test: (a: string | number, b: string | number) => boolean): TemplateFunction {
  return (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? test(a, b) : test(String(a), String(b))
}

const title = (text: string): string =>
  text.replace(/(?<!\p{L})\p{L}/gu, (char) => char.toUpperCase())

/** Go's own functions, and those that Docker adds to them. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['json', (value) => JSON.stringify(value ?? null)],
  ['split', (text, by) => String(text).split(String(by))],
  ['join', (list, by) => (Array.isArray(list) ? list.map(shown).join(String(by)) : shown(list))],
  ['title', (text) => title(shown(text))],
  ['lower', (text) => shown(text).toLowerCase()],
  ['upper', (text) => shown(text).toUpperCase()],
  ['truncate', (text, size) => shown(text).slice(0, Number(size))],
  [
    'pad',
    (text, before, after) =>
      text === '' ? '' : ' '.repeat(Number(before)) + shown(text) + ' '.repeat(Number(after)),
  ],
  ['println', (...args) => `${args.map(shown).join(' ')}\n`],
  ['print', print],
  ['printf', printf],
  ['len', lengthOf],
  ['index', indexed],
  ['slice', (value, from, to) => (value as string).slice(Number(from ?? 0), to as number)],
  ['not', (value) => !isTrue(value)],
  ['and', (...args) => args.find((value) => !isTrue(value)) ?? args.at(-1)],
  ['or', (...args) => args.find(isTrue) ?? args.at(-1)],
  ['eq', (a, ...others) => others.some((b) => a === b || shown(a) === shown(b))],
  ['ne', (a, b) => shown(a) !== shown(b)],
  ['lt', compared((a, b) => a < b)],
  ['le', compared((a, b) => a <= b)],
  ['gt', compared((a, b) => a > b)],
  ['ge', compared((a, b) => a >= b)],
])
