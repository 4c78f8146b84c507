import { isBuildPackage, kindOfPackage, type Package } from '../../analysis/index.ts'
import { packageCommands, parseShell } from '../../shell/index.ts'

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

/** What the shell of a RUN was given, in BuildKit's and in Docker's older spelling; undefined for other lines. */
export function scriptOf(createdBy: string): string | undefined {
  const line = createdBy.trim()
  if (/#\(nop\)/.test(line)) return undefined
  const run = /^(?:RUN\s+|\|\d+\s|\/\S*sh\s)/.test(line)
  if (!run) return undefined
  const text = line.replace(/\s+# buildkit$/, '')
  const exec = /^RUN\s+(\[.*\])$/s.exec(text)?.[1]
  if (exec !== undefined) return wordsOf(exec)
  const shell = /(?:^|\s)\/\S*sh(?:\s+-\w+|\s+pipefail)*?\s+-\w*c\s+(.*)$/s.exec(text)
  return shell?.[1] ?? text.replace(/^RUN\s+(?:--\S+\s+)*/, '')
}

function wordsOf(json: string): string | undefined {
  try {
    const words: unknown = JSON.parse(json)
    return Array.isArray(words) ? words.join(' ') : undefined
  } catch {
    return undefined
  }
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
