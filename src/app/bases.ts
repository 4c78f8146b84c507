import { Fault } from '../base/index.ts'
import { imageSize } from './images.ts'
import { makeStandIn } from './make-stand-in.ts'
import type { Session } from './session.ts'
import { allStandIns, standInChain, standInFor } from './stand-ins.ts'

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
  const chains = (
    references.length === 0 ? allStandIns().map((one) => one.reference) : references
  ).map((reference) => (standInFor(reference) ? standInChain(reference) : missing(reference)))
  // What they are built on comes first, unless the store has it in any form: an official image stays what it is.
  const named = new Set(chains.map((chain) => chain.at(-1)?.reference))
  const wanted = new Map(
    chains
      .flat()
      .filter(({ reference }) => named.has(reference) || !session.store.findImage(reference))
      .map((standIn) => [standIn.reference, standIn]),
  )
  const made: MadeBase[] = []
  for (const standIn of wanted.values()) {
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
