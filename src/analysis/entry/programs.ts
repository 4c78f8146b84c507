import type { FileTree, ImageConfig } from '../../image/index.ts'
import { folded, join, nameOf, realFile } from '../canonical.ts'
import { scriptOfNode } from '../node/index.ts'
import { textAt } from '../text.ts'
import { shellCommands } from './commands.ts'
import { findProgram, isExecutable } from './find-program.ts'
import { scriptInterpreter } from './script.ts'
import { isBuiltin, isShell, shellInput, type Word, wrappedCommand } from './wrappers.ts'

/** A program that the image's configuration starts, directly or through shells, wrappers and scripts. */
export type StartedProgram = {
  /** `start` is ENTRYPOINT with CMD. */
  readonly origin: 'start' | 'healthcheck'
  /** As written: `gunicorn`, `./run.sh`, `/bin/sh`. */
  readonly name: string
  /** Where PATH and the working directory lead, undefined when nothing executable is there. */
  readonly path: string | undefined
  /** Words after the name; undefined where the value is only known at run time. */
  readonly arguments: readonly Word[]
  /** Existing regular files that arguments name, also as `module:attribute` of a Python server. */
  readonly files: readonly string[]
  /** `python -m MODULE`. */
  readonly module?: string
  /** The script that runs it; absent for what the configuration itself names. Branches of a script may never run. */
  readonly script?: string
}

/**
 * Programs that CMD, ENTRYPOINT and HEALTHCHECK start: shell text is read into its commands, wrappers (`tini --`,
 * `env`, `exec`, `gosu user`) are followed, shell scripts are read with their own arguments in place of `"$@"`, and
 * the interpreter of every script is listed. What the wrapper or shell itself is, is listed too.
 */
export function executablesOf(config: ImageConfig, tree: FileTree): readonly StartedProgram[] {
  const { Entrypoint = [], Cmd = [], Healthcheck } = config.config
  const out: StartedProgram[] = []
  const trace = (origin: StartedProgram['origin'], argv: readonly Word[]): void =>
    follow({ tree, config, origin, out, seen: new Set() }, argv, {})
  trace('start', [...Entrypoint, ...Cmd])
  const [form, ...test] = Healthcheck?.Test ?? []
  const shell = config.config.Shell ?? ['/bin/sh', '-c']
  if (form === 'CMD') trace('healthcheck', test)
  if (form === 'CMD-SHELL') trace('healthcheck', [...shell, ...test])
  return out
}

type Trace = {
  readonly tree: FileTree
  readonly config: ImageConfig
  readonly origin: StartedProgram['origin']
  readonly out: StartedProgram[]
  /** Commands followed already: scripts can call each other in circles. */
  readonly seen: Set<string>
}

/** Where a command stands: in shell text (of the configuration when `script` is absent), or in an exec form. */
type Position = { readonly shell?: true; readonly script?: string }

const maxCommands = 500

function follow(trace: Trace, argv: readonly Word[], position: Position): void {
  const [name, ...rest] = argv
  const key = `${position.script ?? ''}\0${argv.join('\0')}`
  if (name === undefined || name === '' || trace.seen.has(key)) return
  if (trace.seen.size >= maxCommands) return
  trace.seen.add(key)
  const path = findProgram(trace.tree, trace.config, name)
  const inner = wrappedCommand(argv)
  if (!(position.shell && isBuiltin(name)))
    trace.out.push({
      ...describe(trace, name, path, rest, position.script),
      files: filesIn(trace, name, inner ? rest.slice(0, rest.length - inner.length) : rest),
    })
  const sourced = name === '.' || name === 'source'
  if (inner) follow(trace, inner, position)
  else if (sourced) runScript(trace, rest[0], rest.slice(1))
  else if (isShell(path ?? name)) runShell(trace, argv, position)
  else if (path !== undefined) runInterpreter(trace, path, rest)
  runNodeScript(trace, argv)
}

function describe(
  trace: Trace,
  name: string,
  path: string | undefined,
  args: readonly Word[],
  script?: string,
): StartedProgram {
  const at = /^(?:python|pypy)[\d.]*$/.test(nameOf(name)) ? args.indexOf('-m') : -1
  const module = at < 0 ? undefined : args[at + 1]
  return {
    origin: trace.origin,
    name,
    path,
    arguments: args,
    files: filesIn(trace, name, args),
    ...(module === undefined ? {} : { module }),
    ...(script === undefined ? {} : { script }),
  }
}

/** Files that words name; those of a wrapped command are that command's, whose name may also be that of a file. */
function filesIn({ tree, config }: Trace, name: string, words: readonly Word[]): readonly string[] {
  const endings = /^(?:node|nodejs|bun|deno|tsx|ts-node)$/.test(nameOf(name)) ? nodeEndings : []
  const files = words.flatMap((word) =>
    word === undefined ? [] : filesNamed(tree, config, word, endings),
  )
  return [...new Set(files)]
}

/** What Node tries after a name that is no file (CommonJS), so that `node dist/main` names `dist/main.js`. */
const nodeEndings: readonly string[] = ['.js', '.cjs', '.mjs', '.ts', '/index.js']

/** `app.py`, `--config=conf.py`, `pkg.wsgi:application` and `pkg.wsgi` relative to the working directory. */
function filesNamed(
  tree: FileTree,
  { config }: ImageConfig,
  word: string,
  endings: readonly string[],
): readonly string[] {
  const dir = config.WorkingDir || '/'
  const plain = [word, word.replace(/^-[^=]*=/, ''), ...endings.map((end) => `${word}${end}`)]
  const module = /^([A-Za-z_][\w.]*)(?::[\w.()]+)?$/.exec(word)?.[1]?.replaceAll('.', '/')
  const modules = module === undefined ? [] : [`${module}.py`, `${module}/__init__.py`]
  return [...plain, ...modules]
    .filter((name) => name !== '' && !name.startsWith('-'))
    .map((name) => (name.startsWith('/') ? name : folded(join(dir, name))))
    .filter((path) => realFile(tree, path) !== undefined)
}

function runShell(trace: Trace, argv: readonly Word[], { script }: Position): void {
  const input = shellInput(argv)
  if (input?.kind === 'file') runScript(trace, input.file, input.rest)
  if (input?.kind !== 'text' || input.text === undefined) return
  for (const command of shellCommands(input.text, input.rest, trace.config.config.Env))
    follow(trace, command, { shell: true, ...(script === undefined ? {} : { script }) })
}

/** A program that is a script: its interpreter, and for shells the commands inside. */
function runInterpreter(trace: Trace, path: string, args: readonly Word[]): void {
  const interpreter = scriptInterpreter(trace.tree, path)
  if (!interpreter) return
  const program = interpreter.program ?? interpreter.path
  trace.out.push(
    describe(
      trace,
      interpreter.path,
      findProgram(trace.tree, trace.config, interpreter.path),
      [],
      path,
    ),
  )
  if (interpreter.program !== undefined)
    trace.out.push(
      describe(trace, program, findProgram(trace.tree, trace.config, program), [], path),
    )
  if (isShell(program)) runScript(trace, path, args)
}

/** `npm start` and its kin: the commands of the package.json, whose programs may lie in `node_modules/.bin`. */
function runNodeScript(trace: Trace, argv: readonly Word[]): void {
  const dir = trace.config.config.WorkingDir || '/'
  for (const { text, folder } of scriptOfNode(trace.tree, argv, dir)) {
    const position: Position = { shell: true, script: join(folder, 'package.json') }
    for (const [name, ...rest] of shellCommands(text, [], trace.config.config.Env)) {
      const local = join(join(folder, 'node_modules/.bin'), name ?? '')
      const plain = name !== undefined && !name.includes('/')
      follow(trace, [plain && isExecutable(trace.tree, local) ? local : name, ...rest], position)
    }
  }
}

const maxScript = 1024 * 1024

function runScript(trace: Trace, file: Word, args: readonly Word[]): void {
  if (file === undefined) return
  const dir = trace.config.config.WorkingDir || '/'
  const path = file.startsWith('/') ? file : folded(join(dir, file))
  const text = textAt(trace.tree, path, maxScript)
  if (text === undefined) return
  for (const command of shellCommands(text, args, trace.config.config.Env))
    follow(trace, command, { shell: true, script: path })
}
