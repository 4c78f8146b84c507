import { Fault } from '../base/index.ts'
import type { Digest } from '../image/index.ts'
import type { AbsentLayer, LayerId, StepIo } from './ports.ts'

/** The layers that a build knows of and that were not in the store when it heard of them. */
export type AbsentLayers = {
  /** Of two that have one name the first is taken. `then` is told the layer's own name as soon as it is here. */
  add(layer: AbsentLayer, then?: (here: LayerId) => void): void
  /** Their names in the store, after what was not there was fetched. @throws what the fetch throws, to everybody who asks */
  present(layers: readonly LayerId[], io: StepIo): Promise<readonly LayerId[]>
  /** The same for layers that `present` has brought. @throws Fault LAYER_ABSENT for others */
  here(layers: readonly LayerId[]): readonly LayerId[]
  /** The layer's own name if it is here, else the one that stands for it. */
  known(layer: LayerId): LayerId
  /** What is known of a layer that is not here. */
  find(layer: LayerId): AbsentLayer | undefined
  /** Resolves when nothing is on its way any more, well or not. */
  settled(): Promise<void>
}

/** Stands for a layer that has no name in the store yet: no name of the store is like it. */
export function absentName(diffId: Digest): LayerId {
  return `absent ${diffId}` as LayerId
}

type Row = {
  readonly layer: AbsentLayer
  readonly told: ((here: LayerId) => void)[]
  fetching?: Promise<LayerId>
  here?: LayerId
}

export function absentLayers(): AbsentLayers {
  const rows = new Map<LayerId, Row>()
  const bring = (id: LayerId, io: StepIo): LayerId | Promise<LayerId> => {
    const row = rows.get(id)
    if (row === undefined) return id
    row.fetching ??= row.layer.fetch(io).then((here) => {
      row.here = here
      for (const tell of row.told) tell(here)
      return here
    })
    return row.fetching
  }
  return {
    add: (layer, then) => {
      const row = rows.get(layer.id) ?? { layer, told: [] }
      rows.set(layer.id, row)
      if (!then) return
      if (row.here === undefined) row.told.push(then)
      else then(row.here)
    },
    present: (layers, io) => Promise.all(layers.map((id) => bring(id, io))),
    here: (layers) =>
      layers.map((id) => {
        const row = rows.get(id)
        if (row === undefined) return id
        if (row.here !== undefined) return row.here
        throw new Fault('LAYER_ABSENT', `layer ${row.layer.diffId} is read before it is here`, {
          kind: 'internal',
        })
      }),
    known: (id) => rows.get(id)?.here ?? id,
    find: (id) => {
      const row = rows.get(id)
      return row?.here === undefined ? row?.layer : undefined
    },
    settled: async () => {
      await Promise.allSettled([...rows.values()].flatMap(({ fetching }) => fetching ?? []))
    },
  }
}
