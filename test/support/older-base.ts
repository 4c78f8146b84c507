import { cpSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeRootTar } from '../../src/app/root-tar.ts'
import { silent } from '../../src/base/index.ts'
import { type Cli, writeFiles } from './jettison.ts'

/** A `debian:bullseye-slim` in the store, from Debian's packages: a C library that is older than bookworm's. */
export async function olderBase(jettison: Cli, folder: string): Promise<void> {
  const cache = join(homedir(), '.cache', 'jettison', 'roots')
  const tar = await makeRootTar({ suite: 'bullseye', variant: 'slim', cache, emit: silent })
  mkdirSync(folder, { recursive: true })
  cpSync(tar, join(folder, 'rootfs.tar'))
  writeFiles(folder, { Dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["bash"]\n' })
  await jettison.ok(['build', '-q', '-t', 'debian:bullseye-slim', folder])
}
