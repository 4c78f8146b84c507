import type { FileTree } from '../../image/index.ts'
import { join, nameOf } from '../canonical.ts'
import { textAt } from '../text.ts'

/** What `npm start` and its kin run: a shell command line, in the folder of the package.json. */
export type NodeScript = { readonly folder: string; readonly text: string }

const direct: ReadonlySet<string> = new Set(['start', 'stop', 'test', 'restart'])

/**
 * The scripts of package.json that `npm start`, `npm run NAME`, `yarn NAME` or `pnpm NAME` run, with `preNAME` and
 * `postNAME`, and what `npx` starts; empty when the command is none of these or names no script.
 */
export function scriptOfNode(
  tree: FileTree,
  argv: readonly (string | undefined)[],
  workingDir: string,
): readonly NodeScript[] {
  const manager = nameOf(argv[0] ?? '')
  if (manager === 'npx')
    return [{ folder: workingDir, text: joined(withoutOptions(argv.slice(1))) }]
  if (!/^(?:npm|yarn|yarnpkg|pnpm)$/.test(manager)) return []
  const words = argv.slice(1)
  const { dir, rest } = directoryOf(words, workingDir)
  const [verb, target] = rest
  const name = verb === 'run' || verb === 'run-script' ? target : verb
  const isShort = manager !== 'npm' || direct.has(name ?? '') || verb !== name
  if (name === undefined || !isShort) return []
  const scripts = scriptsAt(tree, dir)
  return [`pre${name}`, name, `post${name}`].flatMap((one) => {
    const text = scripts[one]
    return typeof text === 'string' ? [{ folder: dir, text }] : []
  })
}

function withoutOptions(words: readonly (string | undefined)[]): readonly (string | undefined)[] {
  const at = words.findIndex((word) => !word?.startsWith('-'))
  return at < 0 ? [] : words.slice(at)
}

function joined(words: readonly (string | undefined)[]): string {
  return words.map((word) => `'${(word ?? '').replaceAll("'", `'\\''`)}'`).join(' ')
}

/** Options before the verb; `--prefix DIR`, `-C DIR` and `--cwd DIR` move to another directory. */
function directoryOf(
  words: readonly (string | undefined)[],
  workingDir: string,
): { readonly dir: string; readonly rest: readonly (string | undefined)[] } {
  let dir = workingDir
  const rest: (string | undefined)[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (word === '--') break
    if (/^(?:--prefix|-C|--cwd|--dir)$/.test(word ?? '')) {
      at += 1
      const to = words[at] ?? ''
      dir = to.startsWith('/') ? to : join(dir, to)
    } else if (!word?.startsWith('-')) rest.push(word)
  }
  return { dir, rest }
}

function scriptsAt(tree: FileTree, dir: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(textAt(tree, join(dir, 'package.json')) ?? '{}') as {
      readonly scripts?: Readonly<Record<string, unknown>>
    }
    return value.scripts ?? {}
  } catch {
    return {}
  }
}
