import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { Fault, type Source } from '../base/index.ts'

const maxBytes = 4 * 1024 * 1024

/**
 * The ignore file of a build: `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in the context
 * root, else null (BuildKit's dockerui). A link is followed only inside the folder it lies in, and only a regular file
 * is read (CVE-2022-4122). `dockerfile` is null when its text did not come from a file.
 * @throws Fault DOCKERIGNORE_UNREADABLE
 */
export function findIgnoreFile(options: {
  readonly contextDir: string
  readonly dockerfile: string | null
}): Source | null {
  const beside = options.dockerfile === null ? null : `${options.dockerfile}.dockerignore`
  return (beside === null ? null : read(beside)) ?? read(join(options.contextDir, '.dockerignore'))
}

function read(name: string): Source | null {
  const path = resolveInside(name)
  if (path === null) return null
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw unreadable(name, 'is not a regular file')
    if (stat.size > maxBytes) throw unreadable(name, `is over ${maxBytes} bytes`)
    return { name, text: readFileSync(fd, 'utf8') }
  } finally {
    closeSync(fd)
  }
}

function resolveInside(name: string): string | null {
  try {
    const path = realpathSync(name)
    const folder = realpathSync(dirname(name))
    if (path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw unreadable(name, `cannot be opened (${code ?? 'unknown'})`)
  }
  throw unreadable(name, 'is a link that leads out of its folder')
}

function unreadable(name: string, why: string): Fault {
  return new Fault('DOCKERIGNORE_UNREADABLE', `${name} ${why}`, {
    kind: 'invalid',
    hint: 'make it a plain file in the context, or remove it',
  })
}
