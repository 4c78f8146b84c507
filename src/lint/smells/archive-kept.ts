import type { ShellCommand } from '../../shell/index.ts'
import type { RunFacts } from '../facts/index.ts'
import type { Rule } from '../types.ts'
import {
  argumentsOf,
  finalInstructions,
  finalRuns,
  programOf,
  removedPaths,
} from './final-image.ts'

const archive = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|zip|deb|rpm|whl|7z)$/

/** S13: the archive beside what came out of it. */
export const archiveKept: Rule = {
  id: 'ArchiveKept',
  description: 'A downloaded archive should not stay in the layer that unpacks it',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    const runs = finalRuns(facts)
    for (const { instruction, words } of finalInstructions(facts)) {
      if (instruction.kind !== 'add' || instruction.flags.some(({ name }) => name === 'unpack'))
        continue
      const url = words.find((word) => /^https?:\/\//.test(word) && archive.test(pathOf(word)))
      if (url !== undefined && runs.some(({ run }) => isUnpacked(run, nameOf(url))))
        yield {
          message: `${nameOf(url)} is a layer of its own, whatever a later RUN makes of it`,
          instruction,
        }
    }
    for (const { run } of runs) {
      for (const command of run.script.commands) {
        const name = savedAs(command)
        if (name === null || !isUnpacked(run, name) || isRemoved(run, name)) continue
        yield {
          message: `${name} stays in this layer beside what was unpacked from it`,
          instruction: run.instruction,
          range: run.place(command.range),
        }
      }
    }
  },
}

/** The name of the archive that curl or wget writes to disk, null when none. */
function savedAs(command: ShellCommand): string | null {
  const program = programOf(command)
  const args = argumentsOf(command)
  const given = args.find(
    (_, index) =>
      /^(?:-\w*[oO]|--output|--output-document)$/.test(args[index - 1] ?? '') && index > 0,
  )
  if (program === 'curl') {
    const remote = args.some((word) => word === '--remote-name' || /^-\w*O\w*$/.test(word))
    if (!remote) return given !== undefined && archive.test(given) ? nameOf(given) : null
  } else if (program !== 'wget') return null
  else if (given !== undefined && !/^https?:/.test(given))
    return archive.test(given) ? nameOf(given) : null
  const url = args.find((word) => /^(?:https?|ftp):\/\//.test(word) && archive.test(pathOf(word)))
  return url === undefined ? null : nameOf(url)
}

function isUnpacked({ script }: RunFacts, name: string): boolean {
  return script.commands.some(
    (command) =>
      ['tar', 'bsdtar', 'unzip', '7z', 'dpkg', 'apt-get', 'apt', 'rpm', 'pip'].includes(
        programOf(command),
      ) && command.words.some(({ text }) => text.includes(name) || text.includes('*')),
  )
}

function isRemoved({ script, cacheMounts }: RunFacts, name: string): boolean {
  const folders = script.commands.flatMap((command) =>
    programOf(command) === 'cd' ? argumentsOf(command) : [],
  )
  return (
    cacheMounts.length > 0 ||
    removedPaths(script).some(
      (path) =>
        path.includes(name) || path.includes('*') || path === '/tmp' || folders.includes(path),
    )
  )
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/, '')
}

function nameOf(path: string): string {
  return pathOf(path).replace(/^.*\//, '')
}
