import { type FileTree, readResolved } from '../../image/index.ts'
import { accountsMade } from '../history.ts'
import type { Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'

type Account = { readonly name: string; readonly id: number; readonly rest: string }

/** First number of accounts that people make (login.defs UID_MIN, GID_MIN); those below come with packages. */
const firstOwnId = 1000
/** Debian's `nobody` and `nogroup`. */
const nobody = 65534

/**
 * Users and groups of fat that lean lacks or has otherwise. Those of packages matter only when the image runs as one,
 * a file of the app belongs to one (`used` holds these numbers), or a line of the Dockerfile makes it by name.
 */
export function compareAccounts(
  fat: Side,
  lean: Side,
  used: { readonly uids: ReadonlySet<number>; readonly gids: ReadonlySet<number> },
): { readonly examined: number; readonly failures: readonly Evidence[] } {
  const user = (fat.config.User ?? '').split(':')
  const made = accountsMade(fat)
  const users = compared(
    '/etc/passwd',
    'user',
    fat,
    lean,
    (one) => made.has(one.name) || isNeeded(one, used.uids, user[0]),
  )
  const groups = compared(
    '/etc/group',
    'group',
    fat,
    lean,
    (one) => made.has(one.name) || isNeeded(one, used.gids, user[1]),
  )
  return {
    examined: users.examined + groups.examined,
    failures: [...users.failures, ...groups.failures, ...namedUser(fat, lean)],
  }
}

function isNeeded(
  { name, id }: Account,
  used: ReadonlySet<number>,
  running: string | undefined,
): boolean {
  if (id >= firstOwnId && id !== nobody) return true
  return name === running || String(id) === running || (id !== 0 && used.has(id))
}

function compared(
  path: string,
  what: string,
  fat: Side,
  lean: Side,
  needed: (one: Account) => boolean,
): { readonly examined: number; readonly failures: readonly Evidence[] } {
  const theirs = new Map(accountsOf(lean.tree, path).map((one) => [one.name, one]))
  const wanted = accountsOf(fat.tree, path).filter(needed)
  const failures = wanted.flatMap((one): readonly Evidence[] => {
    const other = theirs.get(one.name)
    if (other && other.id === one.id && other.rest === one.rest) return []
    const evidence = {
      subject: one.name,
      path,
      fat: show(one),
      lean: other ? show(other) : 'absent',
    }
    return other
      ? [{ message: `${what} ${one.name} differs`, ...evidence }]
      : [
          {
            message: `${what} ${one.name} is missing in lean`,
            ...evidence,
            missing: { kind: 'user', name: one.name },
          },
        ]
  })
  return { examined: wanted.length, failures }
}

/** A name in USER that lean's passwd does not know stops the container from starting. */
function namedUser(fat: Side, lean: Side): readonly Evidence[] {
  const name = (lean.config.User ?? '').split(':')[0] ?? ''
  const known = (side: Side): boolean =>
    name === '' ||
    /^\d+$/.test(name) ||
    accountsOf(side.tree, '/etc/passwd').some((one) => one.name === name)
  if (known(lean) || !known(fat)) return []
  return [
    {
      message: `USER ${name} is not in lean's /etc/passwd`,
      subject: name,
      path: '/etc/passwd',
      missing: { kind: 'user', name },
    },
  ]
}

/** Lines of passwd(5) and group(5): the name, the number, and the rest without the password field. */
function accountsOf(tree: FileTree, path: string): readonly Account[] {
  const bytes = readResolved(tree, path)
  if (!bytes) return []
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const [name = '', , id = '', ...rest] = line.split(':')
      return { name, id: Number(id), rest: rest.join(':') }
    })
}

function show({ name, id, rest }: Account): string {
  return `${name}:${id}:${rest}`
}
