import { Fault } from '../base/index.ts'
import { type FileTree, readResolved } from '../image/index.ts'
import type { User } from './ports.ts'

/** CVE-2024-9676: a hostile image can make these files endless. */
const maxPasswdBytes = 1024 * 1024

/** The largest id of Linux; the one above means "leave it". */
const maxId = 0xffff_fffe

type PasswdLine = {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/**
 * The ids that USER or `--chown` means, names looked up in the image's own /etc/passwd and /etc/group.
 * Supplementary groups belong to a bare user only (`user:group` drops them), as runc and BuildKit do.
 * @throws Fault USER_NOT_FOUND
 */
export function resolveUser(tree: FileTree, spec: string): User {
  const [givenUser = '', groupPart] = spec.split(':')
  // `:group` is root with that group, as it is for runc.
  const userPart = givenUser || '0'
  if (spec === 'root:root') return { uid: 0, gid: 0, groups: [0] }
  const passwd = readPasswd(tree)
  const known = isId(userPart)
    ? passwd.find((line) => line.uid === Number(userPart))
    : passwd.find((line) => line.name === userPart)
  if (!known && !isId(userPart))
    throw new Fault(
      'USER_NOT_FOUND',
      `unable to find user ${userPart}: no matching entries in passwd file`,
      {
        hint: 'create it with RUN useradd before USER, or use a numeric id',
      },
    )
  const uid = known?.uid ?? Number(userPart)
  if (groupPart !== undefined && groupPart !== '') {
    const gid = resolveGroup(tree, groupPart)
    return { uid, gid, groups: [gid] }
  }
  const gid = known?.gid ?? 0
  // The primary group is in the list too, or a process could be without it (CVE-2023-25173).
  return { uid, gid, groups: [gid, ...(known ? supplementary(tree, known.name, gid) : [])] }
}

/**
 * Owner for `--chown` and for the directory of WORKDIR: a number is user and group both, a name has its primary group,
 * `root` needs no passwd file. BuildKit takes an unknown name for 0, so it is reported and not refused.
 */
export function resolveOwner(
  tree: FileTree,
  spec: string,
): { readonly uid: number; readonly gid: number; readonly unknown: string | null } {
  const at = spec.indexOf(':')
  const [userPart, groupPart] = at < 0 ? [spec, ''] : [spec.slice(0, at), spec.slice(at + 1)]
  const number = numberOf(userPart)
  const known = number === null ? readPasswd(tree).find(({ name }) => name === userPart) : undefined
  const group = numberOf(groupPart)
  const named =
    group === null && groupPart !== ''
      ? readGroups(tree).find(({ name }) => name === groupPart)
      : undefined
  const lost = number === null && !known && userPart !== '' ? userPart : null
  return {
    uid: number ?? known?.uid ?? 0,
    gid: group ?? named?.gid ?? number ?? known?.gid ?? 0,
    unknown: lost ?? (group === null && groupPart !== '' && !named ? groupPart : null),
  }
}

function numberOf(text: string): number | null {
  if (text === 'root') return 0
  return isId(text) ? Number(text) : null
}

/** What is too large for an id is a name that nobody has. */
function isId(text: string | undefined): boolean {
  return /^\d+$/.test(text ?? '') && Number(text) <= maxId
}

/** Home directory of a uid, `/` when passwd does not know it. */
export function homeOf(tree: FileTree, uid: number): string {
  const home = readPasswd(tree).find((line) => line.uid === uid)?.home
  return home || (uid === 0 ? '/root' : '/')
}

function resolveGroup(tree: FileTree, name: string): number {
  if (isId(name)) return Number(name)
  const group = readGroups(tree).find((line) => line.name === name)
  if (group) return group.gid
  throw new Fault(
    'USER_NOT_FOUND',
    `unable to find group ${name}: no matching entries in group file`,
    {
      hint: 'create it with RUN groupadd first, or use a numeric id',
    },
  )
}

function supplementary(tree: FileTree, user: string, primary: number): number[] {
  return readGroups(tree)
    .filter((group) => group.members.includes(user) && group.gid !== primary)
    .map((group) => group.gid)
}

function readPasswd(tree: FileTree): PasswdLine[] {
  return lines(tree, '/etc/passwd').flatMap((fields) =>
    fields.length >= 6 && isId(fields[2]) && isId(fields[3])
      ? [
          {
            name: fields[0] ?? '',
            uid: Number(fields[2]),
            gid: Number(fields[3]),
            home: fields[5] ?? '',
          },
        ]
      : [],
  )
}

function readGroups(tree: FileTree): { name: string; gid: number; members: string[] }[] {
  return lines(tree, '/etc/group').flatMap((fields) =>
    isId(fields[2])
      ? [
          {
            name: fields[0] ?? '',
            gid: Number(fields[2]),
            members: (fields[3] ?? '').split(',').filter(Boolean),
          },
        ]
      : [],
  )
}

function lines(tree: FileTree, path: string): string[][] {
  const bytes = readResolved(tree, path, maxPasswdBytes)
  if (!bytes) return []
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.split(':'))
}
