import type { FileTree } from '../../image/index.ts'
import { type InstructionFacts, type RunCommand, resolveDir } from '../facts/index.ts'
import type { RoledRun } from './types.ts'

/** They make what they name, or only name it. */
const makers =
  /^(?:mkdir|ln|touch|echo|printf|export|set|test|adduser|addgroup|useradd|groupadd|usermod)$/

/** They work on what they name and on nothing else. */
const changers = /^(?:chmod|chown|chgrp|sed|cp|mv|rm|install|gzip|tar|cat|dos2unix|setcap)$/

/**
 * True for a RUN that the runtime repeats and that works on what a COPY or ADD brings: it makes a file executable, or
 * starts a program or a script of the project, which may read any other file of it. That has to be there by then.
 */
export function worksOn(run: RoledRun, copy: InstructionFacts, tree: FileTree): boolean {
  const { instruction, before } = copy
  if (instruction.kind !== 'copy' && instruction.kind !== 'add') return false
  const dir = resolveDir(before.workdir, expand(instruction.destination.text, before.env))
  const commands = run.commands ?? []
  // A RUN that builds is the builder's as a whole.
  if (commands.some(({ role }) => role.kind === 'tool')) return false
  return commands.some(({ command, role }) => {
    if (role.kind !== 'other' || makers.test(command.name)) return false
    const named = pathsOf(command, run.facts, tree)
    return changers.test(command.name)
      ? named.some((path) => isWithin(path, dir))
      : named.some((path) => tree.lookup(path)?.kind === 'file')
  })
}

/** What a command names that the image has, but its working directory. */
function pathsOf(
  { words, directory }: RunCommand,
  { before: { workdir, env } }: InstructionFacts,
  tree: FileTree,
): readonly string[] {
  const place = resolveDir(workdir, directory ?? '.')
  return words
    .map(({ value, text }) => resolveDir(place, literalPart(expand(value ?? text, env))))
    .filter((path) => path !== place && tree.lookup(path) !== undefined)
}

function expand(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => env.get(name) ?? whole)
}

/** `bin` of `bin/*.sh`: the directories before the first pattern. */
function literalPart(text: string): string {
  const at = text.search(/[*?[]/)
  return at < 0 ? text : text.slice(0, text.lastIndexOf('/', at) + 1) || '.'
}

/** Either below the other: a COPY may bring one file of what a command works on. */
function isWithin(path: string, dir: string): boolean {
  return path === dir || path.startsWith(`${dir === '/' ? '' : dir}/`) || dir.startsWith(`${path}/`)
}
