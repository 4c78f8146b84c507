import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
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

/** Copies images of the shared store into another one, as `save` and `load` do it. */
export async function copyBases(to: string, references: readonly string[]): Promise<Cli> {
  const from = storeWithBases(references)
  const cli = cliOn(to)
  const save = spawn(join(import.meta.dirname, '../../bin/jettison'), [
    'save',
    ...['--root', from.store],
    ...references,
  ])
  const load = spawn(join(import.meta.dirname, '../../bin/jettison'), ['load', '--root', to], {
    stdio: [save.stdout, 'ignore', 'pipe'],
  })
  await Promise.all([ended(save, 'save'), ended(load, 'load')])
  return cli
}

function ended(child: ReturnType<typeof spawn>, name: string): Promise<void> {
  let said = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`jettison ${name}: exit ${code}: ${said}`)),
    )
  })
}
