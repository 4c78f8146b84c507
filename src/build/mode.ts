import { Fault, type Place } from '../base/index.ts'

/** `--chmod`: an octal mode, or symbolic clauses as chmod(1) has them. */
export type ModeChange =
  | { readonly kind: 'octal'; readonly mode: number }
  | { readonly kind: 'symbolic'; readonly clauses: readonly Clause[] }

type Clause = {
  readonly who: string
  readonly operator: '+' | '-' | '='
  /** Letters of `rwxXst`, or one of `ugo`: the bits that class has. */
  readonly permissions: string
}

/** @throws Fault CHMOD_INVALID */
export function parseMode(text: string, at?: Place): ModeChange {
  if (/^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o7777)
    return { kind: 'octal', mode: Number.parseInt(text, 8) }
  const clauses = text.split(',').flatMap(parseClause)
  if (/^\d/.test(text) || clauses.includes(null))
    throw new Fault(
      'CHMOD_INVALID',
      `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`,
      {
        kind: 'invalid',
        at,
        hint: 'use an octal mode such as 755, or symbolic ones such as u+x,go-w',
      },
    )
  return { kind: 'symbolic', clauses: clauses.filter((clause) => clause !== null) }
}

/** One clause may have several operations: `u+x-w`. */
function parseClause(text: string): readonly (Clause | null)[] {
  const match = /^([ugoa]*)((?:[+\-=](?:[rwxXst]*|[ugo]))+)$/.exec(text)
  if (!match) return [null]
  return [...(match[2] ?? '').matchAll(/([+\-=])([a-zA-Z]*)/g)].map((operation) => ({
    who: match[1] || 'a',
    operator: operation[1] as Clause['operator'],
    permissions: operation[2] ?? '',
  }))
}

/** Mode bits after a change; null changes nothing. */
export function applyMode(mode: number, change: ModeChange | null, isDirectory: boolean): number {
  if (change === null) return mode
  if (change.kind === 'octal') return change.mode
  return change.clauses.reduce((bits, clause) => applyClause(bits, clause, isDirectory), mode)
}

function applyClause(
  mode: number,
  { who, operator, permissions }: Clause,
  isDirectory: boolean,
): number {
  const everyone = who.includes('a')
  const classes = [
    { name: 'u', shift: 6, special: 0o4000 },
    { name: 'g', shift: 3, special: 0o2000 },
    { name: 'o', shift: 0, special: 0 },
  ].filter(({ name }) => everyone || who.includes(name))
  let set = 0
  let clear = 0
  const copied = { u: 6, g: 3, o: 0 }[permissions]
  for (const { shift, special } of classes) {
    clear |= (0o7 << shift) | special
    if (copied !== undefined) set |= ((mode >> copied) & 0o7) << shift
    if (permissions.includes('r')) set |= 0o4 << shift
    if (permissions.includes('w')) set |= 0o2 << shift
    if (
      permissions.includes('x') ||
      (permissions.includes('X') && (isDirectory || (mode & 0o111) !== 0))
    )
      set |= 0o1 << shift
    if (permissions.includes('s')) set |= special
  }
  if (permissions.includes('t')) set |= 0o1000
  if (operator === '+') return mode | set
  if (operator === '-') return mode & ~set
  return (mode & ~clear) | set
}
