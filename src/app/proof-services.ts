import { Fault, isFault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { AbsentService } from '../proof/index.ts'
import type { FoundInProject } from './entrypoints.ts'
import type { Session } from './session.ts'

/** An image of the store that the app is given as a service. */
export type ProofService = {
  readonly name: string
  /** As it was named, e.g. `postgres:16`. */
  readonly reference: string
  readonly image: StoredImage
  readonly env: readonly string[]
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly health?: readonly string[]
}

type Given = { readonly name: string; readonly reference: string; readonly env: readonly string[] }

/** `NAME=IMAGE[,KEY=VALUE…]` of `--service`. @throws Fault USAGE */
export function parseService(text: string): Given {
  const [head = '', ...env] = text.split(/,(?=[A-Za-z_][\w.]*=)/)
  const [, name, reference] = /^([A-Za-z0-9][\w.-]*)=(\S+)$/.exec(head) ?? []
  if (name !== undefined && reference !== undefined) return { name, reference, env }
  throw new Fault('USAGE', `not a service: ${JSON.stringify(text)}`, {
    kind: 'invalid',
    hint: 'write NAME=IMAGE or NAME=IMAGE,KEY=VALUE,…, e.g. --service db=postgres:16,POSTGRES_PASSWORD=secret',
  })
}

/**
 * The services of a proof: those of the user, then those of the project's compose file under other names. A given one
 * must be had; one of the project that cannot be had is reported, and the proof says whether it was needed.
 * @throws Fault USAGE, and what keeps a given image from being had
 */
export async function findServices(
  session: Session,
  given: readonly string[],
  project: FoundInProject['services'],
): Promise<{
  readonly services: readonly ProofService[]
  readonly absent: readonly AbsentService[]
}> {
  const services: ProofService[] = []
  const absent: AbsentService[] = []
  const wanted = given.map(parseService)
  for (const { name, image: reference, source, env, command, entrypoint, health } of project) {
    if (wanted.some((one) => one.name === name)) continue
    const image = await had(session, reference)
    if (!image) absent.push({ name, image: reference, source })
    else
      services.push({
        ...{ name, reference, image, env },
        ...(command ? { command } : {}),
        ...(entrypoint ? { entrypoint } : {}),
        ...(health ? { health } : {}),
      })
  }
  for (const { name, reference, env } of wanted)
    services.push({ name, reference, image: await find(session, reference), env })
  return { services, absent }
}

function find(session: Session, reference: string): Promise<StoredImage> {
  const local = session.store.findImage(reference)
  if (local) return Promise.resolve(local)
  const { emit, signal } = session
  return session.bases.resolve(reference, { step: `service ${reference}`, emit, signal })
}

async function had(session: Session, reference: string): Promise<StoredImage | undefined> {
  try {
    return await find(session, reference)
  } catch (error) {
    session.signal.throwIfAborted()
    if (isFault(error)) return undefined
    throw error
  }
}
