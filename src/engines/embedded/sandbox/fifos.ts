import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'

/** One pipe: the end to hand to a child, and a stream of what it writes there. */
export type Pipe = { readonly writeFd: number; readonly reader: Socket }

/**
 * Real pipes. What Node hands to a child as a pipe is a socket, and a socket cannot be opened again through
 * /dev/stdout, which half of the server images do for their logs.
 */
export function makePipes(dir: string, names: readonly string[]): readonly Pipe[] {
  const paths = names.map((name) => join(dir, name))
  // A launcher that failed before this one may have left its own.
  for (const path of paths) rmSync(path, { force: true })
  execFileSync('mkfifo', ['-m', '600', ...paths])
  return paths.map((path) => {
    const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writeFd = openSync(path, constants.O_WRONLY)
    return { writeFd, reader: new Socket({ fd: readFd, readable: true, writable: false }) }
  })
}

export function makeFifo(path: string): void {
  execFileSync('mkfifo', ['-m', '600', path])
}

export function closeWriters(pipes: readonly Pipe[]): void {
  for (const { writeFd } of pipes) closeSync(writeFd)
}
