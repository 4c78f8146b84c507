import type { ContainerConfig } from '../image/index.ts'
import {
  type CommandProbe,
  fromCompose,
  fromProcfile,
  type ProjectFiles,
  type SecondaryEntrypoint,
} from '../proof/index.ts'

export type Found = {
  readonly entrypoints: readonly SecondaryEntrypoint[]
  readonly probes: readonly CommandProbe[]
}

const composeNames = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
] as const

/** Other commands and health checks that the files of a project name: Compose and Procfile. A broken file names none. */
export async function findEntrypoints(read: ProjectFiles, image: ContainerConfig): Promise<Found> {
  const procfile = read('Procfile')
  const compose = composeNames.map((name) => ({ name, text: read(name) }))
  const found = await Promise.all(
    compose.map(({ name, text }) => (text === undefined ? null : parse(name, text, image))),
  )
  return {
    entrypoints: [
      ...(procfile === undefined ? [] : fromProcfile(procfile, 'Procfile')),
      ...found.flatMap((one) => one?.entrypoints ?? []),
    ],
    probes: found.flatMap((one) => one?.probes ?? []),
  }
}

async function parse(name: string, text: string, image: ContainerConfig): Promise<Found | null> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { merge: true })
  return document.errors.length > 0 ? null : fromCompose(document.toJS(), name, image)
}
