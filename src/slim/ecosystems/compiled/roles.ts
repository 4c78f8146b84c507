import { resolvePath } from '../../../image/index.ts'
import { type InstructionFacts, type RunCommand, resolveDir } from '../../facts/index.ts'
import type { Role } from '../../split/index.ts'
import type { ProjectInput } from '../../types.ts'

/** Users and groups are made in the runtime as well; the common rules look after them. */
const accounts = /^(?:useradd|adduser|groupadd|addgroup|usermod|groupmod|passwd|chpasswd|chsh|id)$/
/** They make or change directories and files that may be the runtime's own. */
const onPaths = /^(?:mkdir|chown|chmod|touch|install)$/
const ofShell = /^(?:cd|set|export|unset|umask|source|\.|:|true|shopt|ulimit|pushd|popd)$/

/**
 * A compiled project runs what its build left, so the builder carries out every command, and the runtime copies what is
 * kept. Only accounts, and directories that the running app finds in the image, are the runtime's own.
 */
export function roleIn(
  { facts, fatTree: tree }: ProjectInput,
  keeps: (path: string) => boolean,
): (command: RunCommand, at: InstructionFacts) => Role | null {
  const workdir = facts.config.config.WorkingDir
  const isRuntimes = (path: string): boolean => {
    const { entry, path: real } = resolvePath(tree, path)
    if (!entry) return false
    if (entry.kind !== 'dir') return keeps(real)
    const names = tree.readdir(real)
    return names.length === 0 || names.some((name) => isRuntimes(`${real}/${name}`))
  }
  return (command, { before }) => {
    const { name, words, directory } = command
    if (ofShell.test(name) || accounts.test(name)) return null
    if (!onPaths.test(name)) return { kind: 'tool' }
    const dir = directory === null ? before.workdir : resolveDir(before.workdir, directory)
    const paths = words
      .slice(1)
      .map(({ value, text }) => value ?? text)
      .filter((word) => !word.startsWith('-') && word.includes('/'))
      .map((word) => (word.startsWith('/') ? word : resolveDir(dir, word)))
    const isWorkdir = (path: string): boolean => path === workdir || path === before.workdir
    return paths.length > 0 && paths.every((path) => isWorkdir(path) || isRuntimes(path))
      ? null
      : { kind: 'tool' }
  }
}
