import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { debianRoot } from '../../support/debian-root.ts'
import { alpineRoot, busyboxRecipe, busyboxRoot, specialRoot } from './busybox.ts'

/** A base image as `docker save` writes it, with the names it is known by. */
export type BaseArchive = {
  readonly name: string
  readonly archive: string
  readonly tags: readonly string[]
}

export const cache: string = join(homedir(), '.cache', 'jettison', 'conformance')

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Names under which the cases ask for each base. All are local, no registry is needed: a big distribution is Debian,
 * a small one busybox.
 */
const recipes: readonly {
  readonly name: string
  readonly tags: readonly string[]
  readonly config: object
  readonly fill: (root: string) => void
}[] = [
  {
    name: 'busybox',
    tags: [
      ...['busybox:latest', 'busybox:stable', 'busybox:1.31', 'jboss/base-jdk:latest'],
      ...['gcr.io/distroless/base:latest', 'gcr.io/kaniko-test/extraction-base-image:latest'],
    ],
    config: { Env: [path], Cmd: ['sh'] },
    fill: (root) => busyboxRoot(root, busyboxProgram()),
  },
  {
    name: 'alpine',
    tags: [
      ...['alpine:latest', 'alpine:3.8', 'alpine:3.9', 'alpine:3.11'],
      'google/cloud-sdk:256.0.0-alpine',
    ],
    config: { Env: [path], Cmd: ['/bin/sh'] },
    fill: (root) => alpineRoot(root, busyboxProgram()),
  },
  {
    name: 'special',
    tags: [
      ...['phusion/baseimage:0.11', 'composer:latest', 'php:latest', 'rabbitmq:latest'],
      ...['gcr.io/kaniko-test/hardlink-base:latest'],
    ],
    config: { Env: [path], Cmd: ['sh'], Labels: { special: 'yes' } },
    fill: (root) => specialRoot(root, busyboxProgram()),
  },
  {
    name: 'debian',
    tags: [
      ...['latest', '9.11', '10.2', '10.13', '12', 'bullseye-slim', 'bullseye-20220328'].map(
        (tag) => `debian:${tag}`,
      ),
      ...['ubuntu:latest', 'ubuntu:focal', 'ubuntu:18.04', 'fedora:latest'],
    ],
    config: { Env: [path], Cmd: ['bash'] },
    fill: (root) => void execFileSync('cp', ['-a', `${debianRoot()}/.`, root]),
  },
  {
    name: 'onbuild',
    tags: ['gcr.io/kaniko-test/onbuild-base:latest'],
    config: {
      Env: [path, 'dir=/tmp/dir/'],
      Cmd: ['sh'],
      OnBuild: [
        'RUN echo "onbuild" > /tmp/onbuild',
        'RUN  mkdir $dir',
        'RUN echo "onbuild 2" > ${dir}/onbuild2',
        'WORKDIR /new/workdir',
      ],
    },
    fill: (root) => busyboxRoot(root, busyboxProgram()),
  },
]

/** The base images, made when missing. `only` leaves the big one out of a run that does not need it. */
export function baseArchives(only?: readonly string[]): readonly BaseArchive[] {
  mkdirSync(join(cache, 'bases'), { recursive: true })
  return recipes
    .filter(({ name }) => !only || only.includes(name))
    .map(({ name, tags, config, fill }) => {
      const recipe = JSON.stringify([name, tags, config, fill.toString(), busyboxRecipe])
      const version = createHash('sha256').update(recipe).digest('hex').slice(0, 12)
      const archive = join(cache, 'bases', `${name}-${version}.tar`)
      if (!existsSync(archive)) makeArchive(archive, { tags, config, fill })
      return { name, archive, tags }
    })
}

function makeArchive(
  archive: string,
  { tags, config, fill }: { tags: readonly string[]; config: object; fill: (r: string) => void },
): void {
  const temp = mkdtempSync(join(cache, 'bases', 'make-'))
  try {
    const root = join(temp, 'root')
    mkdirSync(root)
    chmodSync(root, 0o755)
    fill(root)
    const layer = join(temp, 'layer.tar')
    execFileSync('tar', [
      ...['--numeric-owner', '--sort=name', '--mtime=@1600000000', '--format=pax'],
      ...['--pax-option=delete=atime,delete=ctime', '-C', root, '-cf', layer, '.'],
    ])
    const diffId = `sha256:${createHash('sha256').update(readFileSync(layer)).digest('hex')}`
    const created = '2020-09-13T12:26:40Z'
    const image = JSON.stringify({
      ...{ created, architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', os: 'linux' },
      config,
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created, created_by: 'ADD root.tar / # base' }],
    })
    const name = `${createHash('sha256').update(image).digest('hex')}.json`
    writeFileSync(join(temp, name), image)
    writeFileSync(
      join(temp, 'manifest.json'),
      JSON.stringify([{ Config: name, RepoTags: tags, Layers: ['layer.tar'] }]),
    )
    const draft = join(temp, 'image.tar')
    execFileSync('tar', ['-C', temp, '-cf', draft, name, 'layer.tar', 'manifest.json'])
    renameSync(draft, archive)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

/** Debian's static busybox, taken out of its package and never installed. */
function busyboxProgram(): string {
  const peers = join(homedir(), '.cache', 'jettison', 'peers')
  const unpacked = join(peers, 'unpacked', 'busybox-static')
  const program = join(unpacked, 'bin', 'busybox')
  if (existsSync(program)) return program
  mkdirSync(peers, { recursive: true })
  const find = (): string | undefined =>
    readdirSync(peers).find((name) => /^busybox-static_.*\.deb$/.test(name))
  if (find() === undefined)
    execFileSync('apt-get', ['download', 'busybox-static'], { cwd: peers, stdio: 'ignore' })
  execFileSync('dpkg-deb', ['-x', join(peers, find() ?? ''), unpacked])
  return program
}
