import { decodeText } from '../../../base/index.ts'
import { type Flag, parseMountFlag } from '../../../dockerfile/index.ts'
import { type FileTree, readResolved } from '../../../image/index.ts'
import {
  type ContextFiles,
  expandValue,
  type InstructionFacts,
  resolveDir,
} from '../../facts/index.ts'
import { inlineRequirements, type PipInstall, valuesOf } from './pip-command.ts'
import { parseRequirement, type Requirement, readRequirements } from './requirements.ts'

/** What a `pip install` installs, and how its wheels can be installed again without an index. */
export type PipSource = {
  readonly install: PipInstall
  /** Everything it asks for directly, from the command line and from files. */
  readonly requirements: readonly Requirement[]
  /** Requirements and constraints files with their includes, absolute paths in the image. */
  readonly files: readonly string[]
  /** Why pip would refuse its own wheels with `-r`, so that they are installed by file; null when it would not. */
  readonly byFile: string | null
  /** Nothing but pip's own tools (`pip install --upgrade pip setuptools wheel`). */
  readonly toolsOnly: boolean
}

/** Options in a requirements file that make pip look elsewhere than in `--find-links`, or refuse what is there. */
const contrary: ReadonlySet<string> = new Set([
  '--index-url',
  '--extra-index-url',
  '--pypi-url',
  '--find-links',
  '--no-index',
  '--no-binary',
  '--require-hashes',
])

const contraryVariables = ['PIP_NO_BINARY', 'PIP_REQUIRE_HASHES', 'PIP_FIND_LINKS']

/**
 * Tools of pip itself: the base has its own, and the app does not import them. Images from Python 3.12 on come without
 * setuptools, so there it may be the app that asks for it (`pkg_resources`).
 */
function ownTools(env: ReadonlyMap<string, string>): ReadonlySet<string> {
  const minor = /^3\.(\d+)/.exec(env.get('PYTHON_VERSION') ?? '')?.[1]
  const tools = ['pip', 'wheel', 'build']
  return new Set(Number(minor ?? 0) >= 12 ? tools : [...tools, 'setuptools'])
}

/** Reads what a `pip install` refers to: from the fat image, else from the context. */
export function pipSource(
  install: PipInstall,
  facts: InstructionFacts,
  files: { readonly tree: FileTree; readonly context: ContextFiles; readonly escape: '\\' | '`' },
): PipSource {
  const { env, workdir } = facts.before
  const expand = (text: string | null, raw: string): string =>
    text ?? expandValue(raw, env, files.escape)
  const here = directoryOf(install, workdir)
  const named = (option: string): string[] =>
    valuesOf(install, option).map(({ value, words }) =>
      resolveDir(here, expand(value, words.at(-1)?.text ?? '')),
    )
  const read = reader(facts, files)
  const wanted = named('--requirement')
  const limits = named('--constraint')
  const parsed = [...wanted, ...limits].map((path) => ({
    path,
    file: readRequirements(path, read),
  }))
  const inline = inlineRequirements(install).map(({ value, words }) =>
    parseRequirement(expand(value, words[0]?.text ?? ''), 'the command line'),
  )
  const editable = valuesOf(install, '--editable').map(({ value }) => ({
    ...parseRequirement(value ?? '.', 'the command line'),
    editable: true,
  }))
  const requirements = [
    ...parsed.slice(0, wanted.length).flatMap(({ file }) => file?.requirements ?? []),
    ...inline,
    ...editable,
  ]
  const options = parsed.flatMap(({ file }) => file?.options ?? [])
  const includes = parsed.flatMap(({ file }) => file?.includes ?? [])
  const unread = [
    ...parsed.filter(({ file }) => !file).map(({ path }) => path),
    ...includes.filter((one) => !one.read).map((one) => one.path),
  ]
  const constraints = parsed.slice(wanted.length).flatMap(({ file }) => file?.requirements ?? [])
  return {
    install,
    requirements,
    files: [...new Set([...wanted, ...limits, ...includes.map((one) => one.path)])],
    byFile: reasonForFiles([...requirements, ...constraints], options, unread, install, env),
    toolsOnly:
      wanted.length === 0 &&
      requirements.length > 0 &&
      requirements.every((one) => one.name !== null && ownTools(env).has(one.name)),
  }
}

function reasonForFiles(
  requirements: readonly Requirement[],
  options: readonly { readonly name: string; readonly at: string }[],
  unread: readonly string[],
  install: PipInstall,
  env: ReadonlyMap<string, string>,
): string | null {
  const option = options.find((one) => contrary.has(one.name))
  if (option) return `${option.at} says ${option.name}`
  const hashed = requirements.find((one) => one.hashed)
  if (hashed) return `${hashed.at} pins hashes, which the wheels built here do not have`
  const direct = requirements.find((one) => one.kind !== 'name')
  if (direct) return `${direct.at} names ${direct.kind === 'path' ? 'a path' : 'an address'}`
  if (unread[0] !== undefined) return `${unread[0]} cannot be read`
  if (install.arguments.some((one) => one.option === '--require-hashes')) return '--require-hashes'
  return contraryVariables.find((name) => (env.get(name) ?? '') !== '') ?? null
}

/** The directory pip runs in: the last plain `cd` before it decides. */
function directoryOf(install: PipInstall, workdir: string): string {
  return install.command.directory === null
    ? workdir
    : resolveDir(workdir, install.command.directory)
}

/** Reads a path of the image: the fat tree, the source of a bind mount, or the file of that name in the context. */
function reader(
  facts: InstructionFacts,
  { tree, context }: { readonly tree: FileTree; readonly context: ContextFiles },
): (path: string) => string | undefined {
  const mounts = facts.instruction.flags.flatMap(bindOf)
  return (path) => {
    const bytes = readResolved(tree, path)
    if (bytes !== undefined) return decodeText(bytes)
    for (const { source, target } of mounts) {
      const at = resolveDir(facts.before.workdir, target)
      if (path === at) return context.readText(source)
      if (path.startsWith(`${at === '/' ? '' : at}/`))
        return context.readText(resolveDir('/', `${source}/${path.slice(at.length)}`).slice(1))
    }
    return context.readText(path.slice(path.lastIndexOf('/') + 1))
  }
}

/** A bind mount of the build context; none for every other flag. */
function bindOf(flag: Flag): readonly { readonly source: string; readonly target: string }[] {
  if (flag.name !== 'mount' || flag.value === null) return []
  const { type, target, from, source } = parseMountFlag(flag.value).value
  if (type !== 'bind' || target === null || from !== null) return []
  return [{ source: source ?? '.', target }]
}
