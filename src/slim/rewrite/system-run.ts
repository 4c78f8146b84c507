import type { PackageReason, RuntimePackage } from '../types.ts'

/** What installs the packages of the fat image's system. */
export type PackageManager = 'apt' | 'apk'

export type SystemInstall = {
  readonly manager: PackageManager
  readonly packages: readonly RuntimePackage[]
  readonly upgrade: boolean
  readonly keyword: string
  /** The escape character of the Dockerfile. */
  readonly continuation: string
  readonly eol: string
}

/**
 * The RUN that gives the runtime its system packages by name, with a comment line for each that says what needs it.
 * Without recommended packages, and without the package lists.
 */
export function systemRun({
  manager,
  packages: found,
  upgrade,
  keyword,
  continuation,
  eol,
}: SystemInstall): string {
  const packages = [...found].sort((a, b) => (a.name < b.name ? -1 : 1))
  const comments = packages.map((one) => `# ${one.name}: ${reasonText(one)}${eol}`)
  const names = packages.map((one) => one.text)
  const next = ` ${continuation}${eol}    `
  const install = names.length === 0 ? [] : [installLine(heads[manager], names, next)]
  if (manager === 'apk') {
    const commands = [...(upgrade ? ['apk upgrade --no-cache'] : []), ...install]
    return `${comments.join('')}${keyword} ${commands.join(`${next}&& `)}`
  }
  const commands = [
    'apt-get update',
    ...(upgrade ? ['apt-get upgrade -y'] : []),
    ...install,
    'rm -rf /var/lib/apt/lists/*',
  ]
  return `${comments.join('')}${keyword} ${commands.join(`${next}&& `)}`
}

const heads: Readonly<Record<PackageManager, string>> = {
  apt: 'apt-get install -y --no-install-recommends',
  apk: 'apk add --no-cache',
}

/** Up to three names stay on the line; more go below each other. */
function installLine(head: string, names: readonly string[], next: string): string {
  return names.length <= 3
    ? `${head} ${names.join(' ')}`
    : `${head}${names.map((name) => `${next}    ${name}`).join('')}`
}

/** Why a package is there, in one line. */
export function reasonText({ name, because }: RuntimePackage): string {
  const [first, ...others] = because
  if (!first) return 'kept'
  const more =
    others.length === 0 ? '' : `; ${others.length} more reason${others.length === 1 ? '' : 's'}`
  return `${one(first, name)}${more}`
}

function one(reason: PackageReason, name: string): string {
  switch (reason.kind) {
    case 'library': {
      const [first = '', ...rest] = reason.neededBy
      const more = rest.length === 0 ? '' : ` and ${rest.length} more`
      return `${reason.soname}, needed by ${shortPath(first)}${more}`
    }
    case 'opened':
      return `${reason.what === name ? '' : `${reason.what}, `}used at run time by ${reason.distribution}`
    case 'program':
      return `${reason.program === name ? '' : `${reason.program}, `}called by ${reason.calledBy}`
    case 'named':
      return 'installed by the original Dockerfile, and no build tool'
    case 'repair':
      return `${reason.missing}, found missing by the proof`
    default:
      return reason satisfies never
  }
}

/** Paths of Python packages begin at their site directory. */
export function shortPath(path: string): string {
  return path.replace(/^.*\/(?:site|dist)-packages\//, '')
}
