import { basename, dirname, join } from 'node:path'
import { writeFile } from './write-file.ts'

export type Written = { readonly dockerfile: string; readonly dockerignore: string | null }

/**
 * Puts the result in place of the Dockerfile, or into another folder. Each file is written beside its name and renamed,
 * so that nobody ever sees half of it; the ignore file comes first, because the new Dockerfile was proved with it.
 * @throws Fault OUTPUT_UNWRITABLE
 */
export function writeResult(
  where: 'in-place' | { readonly dir: string },
  dockerfilePath: string,
  texts: { readonly dockerfile: string; readonly dockerignore: string | null },
): Written {
  const folder = where === 'in-place' ? dirname(dockerfilePath) : where.dir
  const dockerfile = join(folder, basename(dockerfilePath))
  const dockerignore = texts.dockerignore === null ? null : join(folder, '.dockerignore')
  if (dockerignore !== null && texts.dockerignore !== null)
    writeFile(dockerignore, texts.dockerignore)
  writeFile(dockerfile, texts.dockerfile)
  return { dockerfile, dockerignore }
}
