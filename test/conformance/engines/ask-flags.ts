import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildAsk } from './types.ts'

/** Builds of one engine, each in a numbered folder that is gone afterwards. */
export function numberedFolders(
  home: string,
): <T>(use: (work: string, count: number) => Promise<T>) => Promise<T> {
  let count = 0
  return async (use) => {
    count += 1
    const work = join(home, String(count))
    mkdirSync(work)
    try {
      return await use(work, count)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  }
}

/** The secrets of a build as files in its folder, and the flags that name them: the same for every engine. */
export function secretFlags({ secrets = {} }: BuildAsk, work: string): string[] {
  return Object.entries(secrets).flatMap(([id, value]) => {
    const file = join(work, `secret-${id}`)
    writeFileSync(file, value)
    return ['--secret', `id=${id},src=${file}`]
  })
}
