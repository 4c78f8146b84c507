import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type BaseArchive, cache } from '../bases/bases.ts'
import { readImageArchive } from '../image/read-archive.ts'
import { numberedFolders, secretFlags } from './ask-flags.ts'
import { exec, run } from './exec.ts'
import type { BuildAsk, Engine } from './types.ts'

/** Our command line as a black box, over a store of its own that is gone at the end. */
export async function startJettison(
  bases: readonly BaseArchive[],
  program: string,
): Promise<Engine> {
  mkdirSync(cache, { recursive: true })
  const home = mkdtempSync(join(cache, 'jettison-'))
  const here = { env: { JETTISON_HOME: join(home, 'store'), JETTISON_PROGRESS: 'plain' } }
  for (const { archive } of bases) await run(program, ['load', '-i', archive], here)
  const inFolder = numberedFolders(home)
  return {
    name: 'jettison',
    build: (ask) =>
      inFolder(async (work, count) => {
        const tag = `conformance:${count}`
        const { code, log } = await exec(program, ['build', '-t', tag, ...flagsOf(ask, work)], here)
        if (code !== 0) {
          if (code === 4) throw new Error(`jettison broke:\n${log}`)
          return { kind: 'refused', log }
        }
        const archive = join(work, 'image.tar')
        await run(program, ['save', '-o', archive, tag], here)
        return { kind: 'image', image: await readImageArchive(archive), log }
      }),
    close: async () => {
      await run('rm', ['-rf', '--one-file-system', home])
    },
  }
}

function flagsOf(ask: BuildAsk, work: string): string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  return [
    ...(ask.remote ? named(ask.remote.file) : ['-f', ask.dockerfile]),
    ...pairs('--build-arg', ask.args),
    ...pairs('--label', ask.labels),
    ...pairs('--build-context', ask.contexts),
    ...secretFlags(ask, work),
    ...(ask.target === undefined ? [] : ['--target', ask.target]),
    ...(ask.noCache ? ['--no-cache'] : []),
    ...(ask.noCacheFilter ?? []).flatMap((name) => ['--no-cache-filter', name]),
    ...(ask.network ? ['--network', ask.network] : []),
    ...(ask.allow ?? []).flatMap((name) => ['--allow', name]),
    ask.remote?.url ?? ask.context,
  ]
}

function named(file: string | undefined): string[] {
  return file === undefined ? [] : ['-f', file]
}
