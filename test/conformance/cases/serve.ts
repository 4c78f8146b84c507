import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join, normalize } from 'node:path'
import { layOut } from './lay-out.ts'
import type { Case, Item, Repository } from './types.ts'

export type Served = { readonly address: string; close(): Promise<void> }

/** Writes what a case serves into a folder and serves it on a loopback port, repositories by the dumb protocol. */
export async function serve(
  dir: string,
  served: NonNullable<Case['served']>,
  time: number,
): Promise<Served> {
  mkdirSync(dir, { recursive: true })
  for (const [path, item] of Object.entries(served))
    if (isRepository(item)) makeRepository(join(dir, path), item.repository, time)
    else layOut(dir, { [path]: item }, time)
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = join(dir, normalize(decodeURIComponent(pathname)))
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.setHeader('Last-Modified', statSync(file).mtime.toUTCString())
    response.end(request.method === 'HEAD' ? undefined : readFileSync(file))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function isRepository(
  item: Item | { readonly repository: Repository },
): item is { readonly repository: Repository } {
  return typeof item !== 'string' && 'repository' in item
}

/** Author, committer and dates are fixed, so that a commit has the same name every time. */
function makeRepository(path: string, commits: Repository, time: number): void {
  const work = `${path}.work`
  mkdirSync(work, { recursive: true })
  mkdirSync(dirname(path), { recursive: true })
  const who = (role: string): string[] => [
    ...[`GIT_${role}_NAME=a`, `GIT_${role}_EMAIL=a@localhost`, `GIT_${role}_DATE=${time} +0000`],
  ]
  const git = (cwd: string, ...args: readonly string[]): void =>
    void execFileSync(
      'env',
      [...who('AUTHOR'), ...who('COMMITTER'), 'GIT_CONFIG_GLOBAL=/dev/null', 'git', ...args],
      { cwd, stdio: 'pipe' },
    )
  git(work, 'init', '--quiet', '--initial-branch=master')
  for (const [at, { files, tag }] of commits.entries()) {
    // Git takes a file of the same size and time for unchanged.
    layOut(work, files, time + at)
    git(work, 'add', '-A')
    git(work, 'commit', '--quiet', '--allow-empty', '-m', 'commit')
    if (tag !== undefined) git(work, 'tag', '-a', tag, '-m', tag)
  }
  git(dirname(path), 'clone', '--quiet', '--bare', work, path)
  git(path, 'update-server-info')
  rmSync(work, { recursive: true })
}
