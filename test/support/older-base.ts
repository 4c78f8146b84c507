import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Cli, writeFiles } from './jettison.ts'

/**
 * A `debian:bullseye-slim` in the store, made by mmdebstrap and kept outside the repository: a C library that is older
 * than bookworm's.
 */
export async function olderBase(jettison: Cli, folder: string): Promise<void> {
  const cache = join(homedir(), '.cache', 'jettison', 'rootfs')
  const tar = join(cache, 'minbase-bullseye.tar')
  if (!existsSync(tar)) {
    mkdirSync(cache, { recursive: true })
    const draft = join(cache, `.draft-${process.pid}.tar`)
    const options = ['--variant=minbase', '--mode=root', '--skip=output/dev']
    execFileSync('mmdebstrap', [...options, 'bullseye', draft], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    renameSync(draft, tar)
  }
  mkdirSync(folder, { recursive: true })
  cpSync(tar, join(folder, 'rootfs.tar'))
  writeFiles(folder, { Dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["bash"]\n' })
  await jettison.ok(['build', '-q', '-t', 'debian:bullseye-slim', folder])
}
