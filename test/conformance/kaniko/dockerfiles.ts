import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { BuildAsk } from '../engines/types.ts'

/** One Dockerfile of kaniko's integration tests. */
export type KanikoCase = {
  readonly name: string
  /** Path of the Dockerfile in the data. */
  readonly path: string
  /** Files beside the Dockerfile are its context; the others share one. */
  readonly context: string
  readonly args?: Readonly<Record<string, string>>
  readonly target?: string
  /** Why it cannot be built here. */
  readonly notApplicable?: string
}

/** npm and vitest start programs in the root of the repository; the data lies beside it. */
const data = join(process.cwd(), '../shared/conformance/kaniko')

/** The arguments that kaniko's own runner passes. */
const args: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Dockerfile_test_run: { file: '/file' },
  Dockerfile_test_run_new: { file: '/file' },
  Dockerfile_test_run_redo: { file: '/file' },
  Dockerfile_test_workdir: { workdir: '/arg/workdir' },
  Dockerfile_test_add: { file: 'context/foo' },
  Dockerfile_test_arg_secret: {
    SSH_PRIVATE_KEY: 'ThEPriv4t3Key',
    SSH_PUBLIC_KEY: 'ThEPubl1cKey',
  },
  Dockerfile_test_onbuild: { file: '/tmp/onbuild' },
  Dockerfile_test_scratch: {
    image: 'scratch',
    hello: 'hello-value',
    file: 'context/foo',
    file3: 'context/b*',
  },
  Dockerfile_test_multistage: { file: '/foo2' },
}

const needsNetwork = 'downloads from a public host'
const foreign = "installs with another distribution's package network"
const notApplicable: Readonly<Record<string, string>> = {
  Dockerfile_test_add: needsNetwork,
  Dockerfile_test_add_404: needsNetwork,
  Dockerfile_test_add_url_with_arg: needsNetwork,
  Dockerfile_test_parent_dir_perms: needsNetwork,
  'issue-57': needsNetwork,
  Dockerfile_hardlink_base: foreign,
  Dockerfile_test_issue_1039: foreign,
  Dockerfile_test_issue_1837: foreign,
  'issue-1020': foreign,
}

/** Whether the data is there: it lies beside the repository and is not part of it. */
export const present: boolean = existsSync(join(data, 'dockerfiles'))

/** Every Dockerfile of the data. */
export function kanikoCases(): readonly KanikoCase[] {
  if (!present) return []
  const shared = readdirSync(join(data, 'dockerfiles'))
    .filter((name) => !name.endsWith('.dockerignore'))
    .map((name) => ({ name, path: join(data, 'dockerfiles', name), context: 'shared' }))
  const own = readdirSync(join(data, 'dockerfiles-with-context')).map((name) => {
    const context = join(data, 'dockerfiles-with-context', name)
    return { name, path: join(context, 'Dockerfile'), context }
  })
  return [...shared, ...own].map((item) => ({
    ...item,
    ...(args[item.name] ? { args: args[item.name] } : {}),
    ...(item.name === 'Dockerfile_test_target' ? { target: 'second' } : {}),
    ...(notApplicable[item.name] ? { notApplicable: notApplicable[item.name] } : {}),
  }))
}

/**
 * Lays out kaniko's integration folder as its Dockerfiles expect it: `context/`, `dockerfiles/`, the folders that its
 * runner makes for the ignore files, and a licence.
 */
export function layOut(dir: string): void {
  cpSync(join(data, 'context'), join(dir, 'context'), { recursive: true })
  cpSync(join(data, 'dockerfiles'), join(dir, 'dockerfiles'), { recursive: true })
  for (const folder of ['ignore', 'ignore_relative']) {
    mkdirSync(join(dir, folder))
    for (const name of ['foo', 'bar', 'baz']) writeFileSync(join(dir, folder, name), name)
  }
  symlinkSync('foo', join(dir, 'context/link'))
  writeFileSync(join(dir, '.dockerignore'), '# kept by the negation\nignore/**\n!ignore/foo\n')
  writeFileSync(join(dir, 'LICENSE'), 'licence\n')
}

/** The build of one case; its Dockerfile is written into the shared folder or a copy of its own context. */
export function askOf(item: KanikoCase, shared: string, work: string): BuildAsk {
  const context = item.context === 'shared' ? shared : join(work, item.name)
  if (item.context !== 'shared') cpSync(item.context, context, { recursive: true })
  const folder = item.context === 'shared' ? join(shared, 'dockerfiles') : context
  const dockerfile = join(folder, item.context === 'shared' ? item.name : 'Dockerfile')
  writeFileSync(dockerfile, withoutDigests(readFileSync(item.path, 'utf8')))
  return {
    context: item.name === 'Dockerfile_relative_copy' ? join(shared, 'context') : context,
    dockerfile,
    ...(item.args ? { args: item.args } : {}),
    ...(item.target === undefined ? {} : { target: item.target }),
  }
}

/** Digests name images of a registry; the local stand-ins have the names only. */
function withoutDigests(text: string): string {
  return text.replace(/@sha256:[0-9a-f]{64}/g, '')
}
