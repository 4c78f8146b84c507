import { Fault } from '../base/index.ts'
import { makeStandIn } from './base-source.ts'
import { imageSize } from './images.ts'
import type { Session } from './session.ts'
import { allStandIns, standInFor } from './stand-ins.ts'

export type MadeBase = {
  readonly reference: string
  readonly id: string
  readonly size: number
  readonly notes: string
}

/** Makes the stand-ins named, each with what it is built on; all of them when none is named. */
export async function makeBases(
  session: Session,
  references: readonly string[],
): Promise<readonly MadeBase[]> {
  const wanted =
    references.length === 0
      ? allStandIns()
      : references.map((reference) => standInFor(reference) ?? missing(reference))
  const made: MadeBase[] = []
  for (const standIn of wanted) {
    const image = await makeStandIn(session, standIn, {
      step: standIn.reference,
      emit: session.emit,
      signal: session.signal,
    })
    made.push({
      reference: standIn.reference,
      id: image.id,
      size: imageSize(session, image),
      notes: standIn.notes,
    })
  }
  return made
}

function missing(reference: string): never {
  throw new Fault('STAND_IN_UNKNOWN', `there is no stand-in for ${reference}`, {
    kind: 'invalid',
    hint: `there are stand-ins for ${allStandIns()
      .map((standIn) => standIn.reference)
      .join(', ')}`,
  })
}

/** What can be made, each after the one it is built on. */
export function listStandIns(): readonly {
  readonly reference: string
  readonly base: string | null
  readonly notes: string
}[] {
  return allStandIns().map(({ reference, base, notes }) => ({ reference, base, notes }))
}
