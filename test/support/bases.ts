import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Cli, cliOn } from './jettison.ts'

const cache = join(homedir(), '.cache', 'jettison')
const store = join(cache, 'test-store')

/**
 * The store that tests share and that outlives them, with stand-ins for these references. Made when missing; test files
 * that run side by side wait for each other. What a test tags there it removes.
 */
export function storeWithBases(references: readonly string[]): Cli {
  mkdirSync(cache, { recursive: true })
  const jettison = join(import.meta.dirname, '../../bin/jettison')
  execFileSync(
    'flock',
    [join(cache, 'test-store.lock'), jettison, 'bases', '--root', store, ...references],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  return cliOn(store)
}

/** Copies images of the shared store into a new one beside which nothing else lies, as `save` and `load` do it. */
export async function copyBases(to: string, references: readonly string[]): Promise<Cli> {
  const { store: from } = storeWithBases(references)
  const tar = join(to, '..', 'bases.tar')
  await cliOn(from).ok(['save', '-o', tar, ...references])
  await cliOn(to).ok(['load', '-i', tar])
  rmSync(tar)
  return cliOn(to)
}
