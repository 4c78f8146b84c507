import { basename, join } from 'node:path'
import type { Source } from '../base/index.ts'
import { writeFile } from './write-file.ts'

export type Written = { readonly dockerfile: string; readonly dockerignore: string | null }

/**
 * Puts the result in place of the Dockerfile, or into another folder. Each file is written beside its name and renamed,
 * so that nobody ever sees half of it; the ignore file comes first, because the new Dockerfile was proved with it. In
 * place it keeps the name by which a build finds it: the context's folder need not be the Dockerfile's.
 * @throws Fault OUTPUT_UNWRITABLE
 */
export function writeResult(
  where: 'in-place' | { readonly dir: string },
  dockerfilePath: string,
  texts: { readonly dockerfile: string; readonly dockerignore: Source | null },
): Written {
  const placeOf = (path: string): string =>
    where === 'in-place' ? path : join(where.dir, basename(path))
  const dockerfile = placeOf(dockerfilePath)
  const dockerignore = texts.dockerignore && placeOf(texts.dockerignore.name)
  if (dockerignore !== null && texts.dockerignore !== null)
    writeFile(dockerignore, texts.dockerignore.text)
  writeFile(dockerfile, texts.dockerfile)
  return { dockerfile, dockerignore }
}
