import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { StoredImage } from '../../src/build/index.ts'
import {
  type Containers,
  createEmbeddedEngine,
  type RunOptions,
  type SandboxIo,
} from '../../src/engines/index.ts'
import type { ContainerConfig } from '../../src/image/index.ts'
import { appImage } from './app-image.ts'
import { type Minbase, minbaseStore } from './minbase.ts'

export type ContainerWorld = {
  readonly minbase: Minbase
  readonly containers: Containers
  readonly image: (config: ContainerConfig) => Promise<StoredImage>
  /** Runs to the end in the foreground. @returns exit code and everything it wrote */
  readonly output: (options: RunOptions) => Promise<readonly [number, string]>
  /** What a container has written so far. */
  readonly log: (name: string) => Promise<string>
  readonly untilLog: (name: string, text: string) => Promise<void>
  /** Bundles a program of test/support for Node. @returns its path */
  readonly bundle: (name: string) => string
  readonly remove: () => Promise<void>
}

/** Containers of a store with Debian in it, with real monitors. */
export function containerWorld(): ContainerWorld {
  const minbase = minbaseStore()
  const dir = mkdtempSync(join(minbase.store.root, '..', 'programs-'))
  const bundle = (name: string): string => bundleInto(dir, name)
  const monitorCommand = [process.execPath, bundle('monitor'), minbase.store.root]
  const { containers } = createEmbeddedEngine({ store: minbase.store, monitorCommand })
  const log = async (name: string): Promise<string> => {
    const chunks: Uint8Array[] = []
    for await (const { bytes } of containers.logs(name, { follow: false })) chunks.push(bytes)
    return Buffer.concat(chunks).toString()
  }
  return {
    minbase,
    containers,
    bundle,
    log,
    image: (config) => appImage(minbase, config),
    output: async (options) => {
      const chunks: Uint8Array[] = []
      const io: SandboxIo = { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) }
      const { ended } = await containers.run(options, io)
      return [(await ended).exitCode, Buffer.concat(chunks).toString()]
    },
    untilLog: (name, text) => until(async () => (await log(name)).includes(text)),
    remove: async () => {
      for (const { spec } of containers.list()) await containers.remove(spec.id, { force: true })
      minbase.remove()
    },
  }
}

function bundleInto(dir: string, name: string): string {
  const outfile = join(dir, `${name}.mjs`)
  buildSync({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    outfile,
    external: ['koffi'],
    logLevel: 'silent',
  })
  return outfile
}

export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 10))
}
