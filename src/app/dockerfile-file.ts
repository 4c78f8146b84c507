import { existsSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { Fault, type Source } from '../base/index.ts'
import { readUserFile } from './user-file.ts'

const maxDockerfileBytes = 10 * 1024 * 1024

/** Reads one Dockerfile. `name` is how the user would write it. @throws Fault DOCKERFILE_NOT_FOUND */
export function readDockerfile(path: string, name: string = path): Source {
  const bytes = readUserFile(path, {
    code: 'DOCKERFILE_NOT_FOUND',
    what: `failed to read dockerfile: open ${name}`,
    hint: 'name it with -f FILE, or give the folder that holds it as context',
  })
  if (bytes.length > maxDockerfileBytes)
    throw new Fault('DOCKERFILE_TOO_LARGE', `${name} is larger than 10 MB`, { kind: 'invalid' })
  return { name, text: bytes.toString('utf8') }
}

/** The Dockerfile of a context: `-f` (relative to the working directory), else `Dockerfile`, else `dockerfile`. */
export function findDockerfile(
  context: string,
  given: string | undefined,
  cwd: string,
): { readonly path: string; readonly source: Source } {
  const path =
    given === undefined
      ? ([join(context, 'Dockerfile'), join(context, 'dockerfile')].find((candidate) =>
          existsSync(candidate),
        ) ?? join(context, 'Dockerfile'))
      : isAbsolute(given)
        ? given
        : join(cwd, given)
  const shown = relative(cwd, path)
  return {
    path,
    source: readDockerfile(path, shown === '' || shown.startsWith('..') ? path : shown),
  }
}
