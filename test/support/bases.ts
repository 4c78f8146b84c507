import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Cli, cliOn } from './jettison.ts'

const cache = join(homedir(), '.cache', 'jettison')
const store = join(cache, 'test-store')
const scripts = join(import.meta.dirname, '../../scripts/build.mjs')

/**
 * The store that tests share and that outlives them, with stand-ins for these references. Made when missing; test files
 * that run side by side wait for each other. What a test tags there it removes.
 */
export function storeWithBases(references: readonly string[]): Cli {
  bundleChanges()
  const jettison = join(import.meta.dirname, '../../bin/jettison')
  locked('test-store.lock', [jettison, 'bases', '--root', store, ...references])
  return cliOn(store)
}

/** The command under test is the bundle of these sources. */
export function bundleChanges(): void {
  mkdirSync(cache, { recursive: true })
  const bundle = `await (await import(${JSON.stringify(scripts)})).buildIfChanged()`
  locked('build.lock', [process.execPath, '--input-type=module', '--eval', bundle])
}

/** Runs a command while nobody else who takes the lock does. */
function locked(lock: string, command: readonly string[]): void {
  execFileSync('flock', [join(cache, lock), ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
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
