import { isBuildPackage, kindOfPackage, type Package } from '../../analysis/index.ts'
import { packageCommands, parseShell } from '../../shell/index.ts'
import { scriptOf } from '../history.ts'

/**
 * Build tools and version control systems that a history line installs from the system's packages: `gcc` for
 * `RUN /bin/sh -c apt-get install -y gcc # buildkit`. Lines of instructions that run nothing give none.
 */
export function installsIn(createdBy: string): readonly string[] {
  return [...new Set(installedBy(createdBy))].filter((name) => isTool(name))
}

/** Every system package that a history line installs by name. */
export function installedBy(createdBy: string): readonly string[] {
  const script = scriptOf(createdBy)
  if (script === undefined) return []
  return packageCommands(parseShell(script))
    .filter(({ manager, action }) => action === 'install' && manager !== 'pip' && manager !== 'npm')
    .flatMap(({ packages }) => packages.map(({ name }) => name))
}

function isTool(name: string): boolean {
  const one: Package = {
    manager: 'dpkg',
    name,
    version: '',
    depends: [],
    provides: [],
    files: [],
  }
  return isBuildPackage(one) || kindOfPackage(one) === 'vcs'
}
