import type { ContainerConfig } from '../image/index.ts'
import {
  candidatesFor,
  type FromCompose,
  fromCompose,
  fromProcfile,
  fromReadme,
  type ProjectFiles,
  procfilePorts,
} from '../proof/index.ts'

/** How a project starts its image, and what it says can be asked of it. */
export type FoundInProject = Pick<FromCompose, 'entrypoints' | 'probes' | 'env'> & {
  readonly services: readonly (FromCompose['services'][number] & { readonly source: string })[]
}

const composeNames = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
] as const

const readmeNames = ['README.md', 'README.rst', 'README.txt', 'README', 'readme.md'] as const

/**
 * Other commands, health checks, services, settings and requests that the files of a project name: Compose (the first
 * that is there, as Compose has it), Procfile, README. A broken file names nothing.
 */
export async function findInProject(
  read: ProjectFiles,
  image: ContainerConfig,
): Promise<FoundInProject> {
  const procfile = read('Procfile')
  const readme = readmeNames.map(read).find((text) => text !== undefined)
  const source = composeNames.find((name) => read(name) !== undefined)
  const compose = source === undefined ? null : await parse(source, read, image)
  return {
    entrypoints: [
      ...(procfile === undefined ? [] : fromProcfile(procfile, 'Procfile')),
      ...(compose?.entrypoints ?? []),
    ],
    probes: [
      ...(compose?.probes ?? []),
      ...procfilePorts(procfile ?? '').flatMap((port) => candidatesFor(port, 'procfile')),
      ...(readme === undefined ? [] : fromReadme(readme, compose?.published)),
    ],
    env: compose?.env ?? [],
    services: (compose?.services ?? []).map((one) => ({ ...one, source: source ?? '' })),
  }
}

async function parse(
  name: string,
  read: ProjectFiles,
  image: ContainerConfig,
): Promise<FromCompose | null> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(read(name) ?? '', { merge: true })
  return document.errors.length > 0 ? null : fromCompose(document.toJS(), name, image, read)
}
