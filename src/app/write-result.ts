import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export type Written = { readonly dockerfile: string; readonly dockerignore: string | null }

/**
 * Puts the result in place of the Dockerfile, or into another folder. Each file is written beside its name and renamed,
 * so that nobody ever sees half of it; the ignore file comes first, because the new Dockerfile was proved with it.
 */
export function writeResult(
  where: 'in-place' | { readonly dir: string },
  dockerfilePath: string,
  texts: { readonly dockerfile: string; readonly dockerignore: string | null },
): Written {
  const folder = where === 'in-place' ? dirname(dockerfilePath) : where.dir
  mkdirSync(folder, { recursive: true })
  const dockerfile = join(folder, basename(dockerfilePath))
  const dockerignore = texts.dockerignore === null ? null : join(folder, '.dockerignore')
  if (dockerignore !== null && texts.dockerignore !== null)
    replaceFile(dockerignore, texts.dockerignore)
  replaceFile(dockerfile, texts.dockerfile)
  return { dockerfile, dockerignore }
}

function replaceFile(path: string, text: string): void {
  const partial = `${path}.${process.pid}.partial`
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0o644
  const file = openSync(partial, 'wx', mode & 0o777)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  renameSync(partial, path)
}
