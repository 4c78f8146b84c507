import type { FileTree } from '../../image/index.ts'
import { realFile } from '../canonical.ts'
import { headOf } from '../text.ts'

/** The first line of a script, as execve(2) reads it. */
export type ScriptInterpreter = {
  /** Path after `#!`, as written. */
  readonly path: string
  /** What follows it: the kernel passes one argument, `env -S` splits it. */
  readonly arguments: readonly string[]
  /** The program that does the work when `path` only starts it: `python3` for `/usr/bin/env python3`. */
  readonly program?: string
}

/** The kernel reads 256 bytes (BINPRM_BUF_SIZE); pip's long form needs the second line as well. */
const head = 1024

/**
 * The interpreter that a file names with `#!`. pip writes long interpreter paths as
 * `#!/bin/sh` and `'''exec' /path/python "$0" "$@"`: there, `program` is that path.
 * @returns undefined for anything that is not such a script
 */
export function scriptInterpreter(tree: FileTree, path: string): ScriptInterpreter | undefined {
  const real = realFile(tree, path)
  const size = real === undefined ? 0 : (tree.lookup(real)?.size ?? 0)
  if (real === undefined || size < 3) return undefined
  const bytes = headOf(tree, real, size, head)
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined
  const [first = '', second = ''] = new TextDecoder().decode(bytes).split('\n')
  const [interpreter = '', ...rest] = first
    .slice(2)
    .trim()
    .split(/[ \t]+/)
  if (!interpreter.startsWith('/')) return undefined
  const program =
    /^'''exec' "?(\/[^"\s]+)"? "\$0" "\$@"/.exec(second)?.[1] ?? behindEnv(interpreter, rest)
  return { path: interpreter, arguments: rest, ...(program === undefined ? {} : { program }) }
}

function behindEnv(interpreter: string, rest: readonly string[]): string | undefined {
  if (!interpreter.endsWith('/env')) return undefined
  return rest.find((word) => !word.startsWith('-') && !/^[A-Za-z_]\w*=/.test(word))
}
