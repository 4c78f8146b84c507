import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemPackages } from '../../src/analysis/index.ts'
import {
  type Dockerfile,
  parseDockerfile,
  type Stage,
  stagesOf,
} from '../../src/dockerfile/index.ts'
import { type ImageConfig, sha256 } from '../../src/image/index.ts'
import { gatherFacts, type Planned, planSlim, type repairPlan } from '../../src/slim/index.ts'
import { alpineBase, apkAdd } from './alpine-world.ts'
import { memoryTree, type Spec } from './memory-tree.ts'
import { tinyElf } from './tiny-elf.ts'

/** What a case says about the image that its Dockerfile would make: `world.json`. */
export type World = {
  readonly distributions?: readonly {
    readonly name: string
    readonly version: string
    /** Native modules below site-packages, each with what it needs. */
    readonly native?: Readonly<Record<string, readonly string[]>>
    /** Built from source, as its wheel tag says. */
    readonly compiled?: boolean
  }[]
  /** Files that the instruction with this number (RUN, COPY and ADD counted from 1) adds. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string | Spec>>>>
  /** Alpine only: packages that the instruction with this number adds, dependencies spelled out. */
  readonly apk?: Readonly<Record<string, readonly string[]>>
  readonly cmd?: readonly string[]
  readonly healthcheck?: readonly string[]
  readonly workdir?: string
  readonly env?: readonly string[]
}

type Debian = {
  readonly depends?: string
  readonly priority?: string
  readonly section?: string
  readonly files: Readonly<Record<string, Spec>>
}

const lib = '/usr/lib/x86_64-linux-gnu'
const elf = (soname: string, ...needed: string[]): Spec => ({ text: tinyElf({ soname, needed }) })
const program: Spec = { text: tinyElf({}), mode: 0o755 }
const bulk = (kilobytes: number): string => 'x'.repeat(kilobytes * 1024)

/** Packages of both bases. */
const slim: Readonly<Record<string, Debian>> = {
  libc6: { priority: 'required', files: { [`${lib}/libc.so.6`]: elf('libc.so.6') } },
  libssl3: { files: { [`${lib}/libssl.so.3`]: elf('libssl.so.3', 'libc.so.6') } },
  dash: { priority: 'required', files: { '/usr/bin/sh': program } },
  coreutils: { priority: 'required', files: { '/usr/bin/env': program, '/usr/bin/id': program } },
}

/** Packages of the full base only. */
const full: Readonly<Record<string, Debian>> = {
  'gcc-12': { section: 'devel', files: { '/usr/bin/gcc': program, '/usr/lib/gcc/cc1': bulk(900) } },
  git: { section: 'vcs', files: { '/usr/bin/git': program } },
  curl: { depends: 'libcurl4', files: { '/usr/bin/curl': program } },
  libcurl4: { files: { [`${lib}/libcurl.so.4`]: elf('libcurl.so.4', 'libssl.so.3') } },
  'libldap-2.5-0': { files: { [`${lib}/libldap-2.5.so.0`]: elf('libldap-2.5.so.0') } },
  libpq5: {
    depends: 'libc6 (>= 2.34), libldap-2.5-0 (>= 2.5.4), libssl3 (>= 3.0.0)',
    files: { [`${lib}/libpq.so.5`]: elf('libpq.so.5', 'libssl.so.3', 'libldap-2.5.so.0') },
  },
  'libpq-dev': { section: 'libdevel', files: { '/usr/include/libpq-fe.h': bulk(20) } },
  libxml2: { files: { [`${lib}/libxml2.so.2`]: elf('libxml2.so.2', 'libc.so.6') } },
  'libxslt1.1': {
    depends: 'libxml2',
    files: { [`${lib}/libxslt.so.1`]: elf('libxslt.so.1', 'libxml2.so.2') },
  },
  wget: { files: { '/usr/bin/wget': program } },
  'netcat-openbsd': { files: { '/usr/bin/nc': program } },
}

const interpreter: Readonly<Record<string, Spec>> = {
  '/bin': { link: 'usr/bin' },
  '/lib': { link: 'usr/lib' },
  '/usr/local/bin/python3.11': program,
  '/usr/local/bin/python3': { link: 'python3.11' },
  '/usr/local/bin/python': { link: 'python3' },
  '/usr/local/bin/pip': { text: '#!/usr/local/bin/python3.11\n', mode: 0o755 },
  '/usr/local/lib/python3.11/os.py': '',
  '/etc/os-release': 'VERSION_CODENAME=bookworm\n',
}

/** Python's own files, which are the same on Alpine. */
const ofAlpine = Object.fromEntries(
  Object.entries(interpreter).filter(([path]) => path.startsWith('/usr/local/')),
)

const accounts: Readonly<Record<string, Spec>> = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  '/etc/group': 'root:x:0:\nnode:x:1000:\n',
}

/** What both bases have besides, by the word that FROM begins with; Python's is in all of them. */
const runtimes: readonly (readonly [RegExp, Readonly<Record<string, Spec>>])[] = [
  [
    /^node:/,
    {
      ...accounts,
      '/usr/local/bin/node': program,
      '/usr/local/bin/npm': { link: '../lib/node_modules/npm/bin/npm-cli.js' },
      '/usr/local/lib/node_modules/npm/bin/npm-cli.js': {
        text: '#!/usr/bin/env node\n',
        mode: 0o755,
      },
      '/usr/local/lib/node_modules/npm/package.json': '{"name":"npm","version":"10.8.2"}',
    },
  ],
  [/^(?:maven|openjdk|eclipse-temurin):/, { '/usr/local/bin/java': program }],
]

function runtimeOf(dockerfile: Dockerfile): Readonly<Record<string, Spec>> {
  const from = stagesOf(dockerfile).stages.at(-1)?.from.image.text ?? ''
  const own = runtimes.find(([pattern]) => pattern.test(from))?.[1]
  return isAlpine(dockerfile) ? { ...ofAlpine, ...own } : { ...interpreter, ...own }
}

function isAlpine(dockerfile: Dockerfile): boolean {
  const { stages } = stagesOf(dockerfile)
  return chainOf(stages)[0]?.from.image.text.includes('alpine') === true
}

const site = '/usr/local/lib/python3.11/site-packages'

/** A folder of `test/golden/slim`: a Dockerfile, the files of its context, and `world.json`. */
export function openCase(dir: string): {
  readonly dockerfile: Dockerfile
  readonly planned: Planned
} {
  const text = (name: string): string | undefined =>
    readdirSync(dir).includes(name) ? readFileSync(join(dir, name), 'utf8') : undefined
  const world = JSON.parse(text('world.json') ?? '{}') as World
  const dockerfile = parseDockerfile(text('Dockerfile') ?? '').value
  const { layers, config } = fatImage(dockerfile, world, text)
  const fatTree = memoryTree(layers)
  const fatDb = systemPackages(fatTree)
  if (!fatDb) throw new Error('the world has no package database')
  const facts = gatherFacts({
    dockerfile,
    fat: { tree: fatTree, config },
    base: { layers: 1 },
    context: { has: (path) => text(path) !== undefined, readText: text },
  })
  const system = isAlpine(dockerfile) ? alpineBase() : database(slim)
  const leanBaseTree = memoryTree([{ ...runtimeOf(dockerfile), ...system }])
  return { dockerfile, planned: planSlim({ facts, fatTree, fatDb, leanBaseTree }) }
}

/** The full base alone, as a repair sees a fat image. */
export function worldTree(): Parameters<typeof repairPlan>[2] {
  const tree = memoryTree([{ ...interpreter, ...database({ ...slim, ...full }) }])
  const db = systemPackages(tree)
  if (!db) throw new Error('the world has no package database')
  const { config } = fatImage(parseDockerfile('FROM python:3.11\n').value, {}, () => undefined)
  return { tree, db, config, leanTree: tree }
}

/** The layers and the configuration that building the Dockerfile over the full base would give. */
function fatImage(
  dockerfile: Dockerfile,
  world: World,
  context: (name: string) => string | undefined,
): { readonly layers: readonly Record<string, Spec>[]; readonly config: ImageConfig } {
  const chain = chainOf(stagesOf(dockerfile).stages)
  const makers = chain
    .flatMap((one) => one.instructions)
    .filter(({ kind }) => /^(?:run|copy|add)$/.test(kind))
  const lastPip = makers.findLastIndex(
    ({ kind, rest, heredocs }) =>
      kind === 'run' &&
      /pip|poetry|install\.sh/.test(`${rest} ${heredocs.map((one) => one.content).join(' ')}`),
  )
  const workdir = world.workdir ?? '/app'
  const own = makers.map((_, index) => ({
    ...(index === 0 ? copied(context, workdir) : {}),
    ...(index === lastPip ? installed(world) : {}),
    ...apkLayer(world, index + 1),
    ...Object.fromEntries(Object.entries(world.files?.[index + 1] ?? {}).map(fileOf)),
  }))
  const packages = chain[0]?.from.image.text.includes('slim') === true ? slim : { ...slim, ...full }
  const system = isAlpine(dockerfile) ? alpineBase() : database(packages)
  const layers = [{ ...runtimeOf(dockerfile), ...system }, ...own]
  const history = layers.map((_, index) => ({
    created_by: index === 0 ? 'base' : `RUN ${index}`,
  }))
  const config = {
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', ...(world.env ?? [])],
    Cmd: world.cmd ?? ['python', 'app.py'],
    WorkingDir: workdir,
    ...(world.healthcheck ? { Healthcheck: { Test: world.healthcheck } } : {}),
  }
  const diffIds = layers.map((_, index) => sha256(String(index)))
  return {
    layers,
    config: {
      architecture: 'amd64',
      os: 'linux',
      config,
      history,
      rootfs: { type: 'layers', diff_ids: diffIds },
    },
  }
}

function apkLayer({ apk = {} }: World, number: number): Readonly<Record<string, Spec>> {
  const added = apk[number]
  if (!added) return {}
  const before = Object.entries(apk).filter(([at]) => Number(at) <= number)
  return apkAdd(
    added,
    before.flatMap(([, names]) => names),
  )
}

/** The last stage and those that it is FROM, the first one first. */
function chainOf(stages: readonly Stage[]): readonly Stage[] {
  const chain = stages.slice(-1)
  for (let first = chain[0]; first; first = chain[0]) {
    const { index, from } = first
    const parent = stages.find((one) => one.index < index && one.name === from.image.text)
    if (!parent) break
    chain.unshift(parent)
  }
  return chain
}

/** `elf:libx.so.1` stands for a shared object of that name, `program:libx.so.1 …` for a program that needs them. */
function fileOf([path, text]: [string, string | Spec]): [string, Spec] {
  if (typeof text === 'string' && text.startsWith('program:')) {
    const needed = text.slice('program:'.length).split(' ').filter(Boolean)
    return [path, { text: tinyElf({ needed }), mode: 0o755 }]
  }
  const isElf = typeof text === 'string' && text.startsWith('elf:')
  return [path, isElf ? { text: tinyElf({ soname: text.slice(4) }) } : text]
}

function copied(
  context: (name: string) => string | undefined,
  workdir: string,
): Readonly<Record<string, Spec>> {
  const names = ['requirements.txt', 'requirements-extra.txt', 'app.py', 'entrypoint.sh']
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = context(name)
      const mode = name.endsWith('.sh') ? 0o755 : 0o644
      return text === undefined ? [] : [[`${workdir}/${name}`, { text, mode }]]
    }),
  )
}

function installed({ distributions = [] }: World): Record<string, Spec> {
  const files: Record<string, Spec> = {}
  for (const { name, version, native = {}, compiled = false } of distributions) {
    const info = `${site}/${name}-${version}.dist-info`
    const modules = Object.keys(native)
    for (const [path, needed] of Object.entries(native))
      files[`${site}/${path}`] = { text: tinyElf({ needed }) }
    const tag =
      modules.length === 0
        ? 'py3-none-any'
        : `cp311-cp311-${compiled ? 'linux' : 'manylinux_2_17'}_x86_64`
    files[`${info}/METADATA`] = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`
    files[`${info}/WHEEL`] = `Wheel-Version: 1.0\nTag: ${tag}\n`
    files[`${info}/RECORD`] = [...modules, `${name}-${version}.dist-info/METADATA`]
      .map((path) => `${path},,\n`)
      .join('')
  }
  return files
}

function database(packages: Readonly<Record<string, Debian>>): Record<string, Spec> {
  const files: Record<string, Spec> = {}
  const stanzas = Object.entries(packages).map(([name, one]) => {
    Object.assign(files, one.files)
    files[`/var/lib/dpkg/info/${name}.list`] = Object.keys(one.files).join('\n')
    const fields = [
      `Package: ${name}`,
      'Status: install ok installed',
      'Architecture: amd64',
      'Version: 1',
      `Priority: ${one.priority ?? 'optional'}`,
      `Section: ${one.section ?? 'libs'}`,
      ...(one.depends === undefined ? [] : [`Depends: ${one.depends}`]),
    ]
    return `${fields.join('\n')}\n`
  })
  files['/var/lib/dpkg/status'] = stanzas.join('\n')
  return files
}
