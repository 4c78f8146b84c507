import { ownerName, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'

/**
 * A file of fat that something needs and lean has not, with the package that provides it.
 * @param needed what it is and for whom, as the beginning of the message: `the Perl module X, which /a uses,`
 */
export function absentFile(
  fat: Side,
  path: string,
  { subject, needed }: { readonly subject: string; readonly needed: string },
): Evidence {
  const owner = ownerName(fat, path)
  const named = owner === undefined ? {} : { package: owner }
  const provided = owner === undefined ? '' : `; ${owner} provides it in fat`
  return {
    message: `${needed} is missing in lean${provided}`,
    subject,
    path,
    ...named,
    fat: path,
    lean: 'absent',
    missing: { kind: 'file', path, ...named },
  }
}
