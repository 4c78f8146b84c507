import type { ShellCommand } from '../../shell/index.ts'
import type { InstructionFacts, RunFacts } from '../facts/index.ts'
import type { Fix, Rule } from '../types.ts'
import { argumentsOf, finalRuns, programOf, removedPaths } from './final-image.ts'

type Tool = {
  readonly name: string
  /** Whether a command of this tool fills its cache. */
  fills(args: readonly string[]): boolean
  /** What says that it does not, among the arguments or the environment. */
  readonly options: readonly string[]
  readonly variable?: string
  /** Part of the paths of its cache: of a cache mount or of what `rm` removes. */
  readonly place: RegExp
  /** A command that empties it. */
  readonly clean: RegExp
}

const first =
  (...names: readonly string[]) =>
  (args: readonly string[]): boolean =>
    names.includes(args.find((word) => !word.startsWith('-')) ?? '')

const tools: readonly Tool[] = [
  {
    name: 'npm',
    fills: first('install', 'i', 'ci', 'add'),
    options: [],
    place: /\.npm/,
    clean: /\bnpm cache clean\b/,
  },
  {
    name: 'yarn',
    fills: (args) => args.length === 0 || first('install', 'add')(args),
    options: [],
    place: /yarn/,
    clean: /\byarn cache clean\b/,
  },
  {
    name: 'pnpm',
    fills: first('install', 'i', 'add'),
    options: [],
    place: /pnpm/,
    clean: /\bpnpm store prune\b/,
  },
  {
    name: 'uv',
    fills: first('sync', 'pip', 'add'),
    options: ['--no-cache', '-n'],
    variable: 'UV_NO_CACHE',
    place: /\.cache/,
    clean: /\buv cache clean\b/,
  },
  {
    name: 'poetry',
    fills: first('install', 'add'),
    options: ['--no-cache'],
    place: /poetry/,
    clean: /\bpoetry cache clear\b/,
  },
  {
    name: 'composer',
    fills: first('install', 'require'),
    options: ['--no-cache'],
    place: /composer/,
    clean: /\bcomposer clear-?cache\b/,
  },
  {
    name: 'go',
    fills: first('build', 'install', 'get', 'mod'),
    options: [],
    place: /go-build|pkg\/mod/,
    clean: /\bgo clean\b/,
  },
  {
    name: 'cargo',
    fills: first('build', 'install', 'fetch'),
    options: [],
    place: /cargo/,
    clean: /\bcargo clean\b/,
  },
]

const pip: Tool = {
  name: 'pip',
  fills: (args) => args.includes('install'),
  options: ['--no-cache-dir', '--no-index'],
  variable: 'PIP_NO_CACHE_DIR',
  place: /\.cache|pip/,
  clean: /\bpip3? cache purge\b/,
}

/** S6: what a language's package manager downloaded, beside what it installed. */
export const packageCacheKept: Rule = {
  id: 'PackageCacheKept',
  description: 'The download cache of a package manager should not stay in the final image',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { run, facts: around } of finalRuns(facts)) {
      for (const command of run.script.commands) {
        const tool = toolOf(run, command)
        if (!tool?.fills(argumentsOf(command)) || isEmptied(run, around, command, tool)) continue
        const fix = tool === pip ? noCacheDir(run, command) : null
        yield {
          message: `the cache of ${tool.name} stays in this layer`,
          instruction: run.instruction,
          range: run.place(command.range),
          ...(fix ? { fix } : {}),
        }
        break
      }
    }
  },
}

function toolOf(run: RunFacts, command: ShellCommand): Tool | undefined {
  const isPip = run.packages.some((one) => one.command === command && one.manager === 'pip')
  return isPip ? pip : tools.find(({ name }) => name === programOf(command))
}

function isEmptied(
  run: RunFacts,
  { env }: InstructionFacts,
  command: ShellCommand,
  tool: Tool,
): boolean {
  const variable = tool.variable === undefined ? undefined : env.get(tool.variable)
  return (
    (variable !== undefined && !['', '0', 'false', 'off', 'no'].includes(variable)) ||
    argumentsOf(command).some((word) => tool.options.includes(word)) ||
    command.assignments.some(({ name }) => name === tool.variable) ||
    run.cacheMounts.some((target) => tool.place.test(target) || target === '/root/.cache') ||
    removedPaths(run.script).some((path) => tool.place.test(path) || path.endsWith('.cache')) ||
    tool.clean.test(run.script.text)
  )
}

function noCacheDir(run: RunFacts, command: ShellCommand): Fix | null {
  const install = command.words.find(({ value }) => value === 'install')
  if (!install || !command.exact) return null
  const { end } = run.place(install.range)
  return {
    title: 'Add --no-cache-dir',
    safety: 'safe',
    edits: [{ range: { start: end, end }, text: ' --no-cache-dir' }],
  }
}
