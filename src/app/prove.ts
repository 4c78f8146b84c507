import { setTimeout as delay } from 'node:timers/promises'
import type { StoredImage } from '../build/index.ts'
import type { ContainerConfig } from '../image/index.ts'
import {
  discoverProbes,
  type Probe,
  type ProjectFiles,
  type Proof,
  parseProbe,
  prove,
} from '../proof/index.ts'
import { bringImage } from './docker-engine.ts'
import { findEntrypoints } from './entrypoints.ts'
import type { Session } from './session.ts'
import { isStandIn } from './stand-ins.ts'
import { countBaseLayers, subjectOf } from './subject.ts'

export type ProofSide = {
  readonly name: string
  readonly image: StoredImage
  readonly baseLayers?: number | undefined
}

export type ProveOptions = {
  readonly fat: ProofSide
  readonly lean: ProofSide
  /** As `--probe` takes them; what the image proposes by itself is added. */
  readonly probes: readonly string[]
  readonly maxSize: number | null
  /** The project's own files; those in fat's working directory when it is not known. */
  readonly files?: ProjectFiles
  readonly mutations?: number | 'all' | undefined
}

/** Climbs the ladder over two images of the store. */
export async function proveImages(session: Session, options: ProveOptions): Promise<Proof> {
  const [fat, lean] = [options.fat, options.lean].map((side) => ({
    ...side,
    baseLayers: side.baseLayers ?? countBaseLayers(session, side.image, undefined),
  })) as [Known, Known]
  const given: readonly Probe[] = options.probes.map(parseProbe)
  const fatBase = baseConfig(session, fat)
  const leanBase = baseConfig(session, lean)
  const found = await findEntrypoints(
    options.files ?? filesInImage(session, fat.image),
    fat.image.config.config,
  )
  return prove({
    fat: subjectOf(session, fat.name, fat.image, fat.baseLayers),
    lean: subjectOf(session, lean.name, lean.image, lean.baseLayers),
    probes: [...given, ...discoverProbes({ config: fat.image.config.config }), ...found.probes],
    runner: (await session.engine()).proofRunner,
    clock: {
      now: () => performance.now(),
      sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
    },
    options: {
      baseConfigs: {
        ...(fatBase ? { fat: fatBase } : {}),
        ...(leanBase ? { lean: leanBase } : {}),
      },
      entrypoints: found.entrypoints,
      ...(options.mutations === undefined ? {} : { mutations: options.mutations }),
      standInBases: isStandIn(fat.image) || isStandIn(lean.image),
      ...(options.maxSize === null ? {} : { maxSize: options.maxSize }),
    },
    emit: session.emit,
    signal: session.signal,
  })
}

/** Both images by name. @throws Fault IMAGE_NOT_FOUND, PROBE_INVALID */
export async function proveNamed(
  session: Session,
  options: {
    readonly fat: string
    readonly lean: string
    readonly probes: readonly string[]
    readonly maxSize: number | null
    readonly mutations?: number | 'all' | undefined
  },
): Promise<Proof> {
  const side = async (name: string): Promise<ProofSide> => ({
    name,
    image: await bringImage(session, name),
  })
  const [fat, lean] = [await side(options.fat), await side(options.lean)]
  return proveImages(session, { ...options, fat, lean })
}

const maxText = 1024 * 1024

function filesInImage(session: Session, image: StoredImage): ProjectFiles {
  const tree = session.store.tree(image.layers)
  const dir = (image.config.config.WorkingDir ?? '/').replace(/\/+$/, '')
  return (path) => {
    const entry = tree.lookup(`${dir}/${path}`)
    if (entry?.kind !== 'file' || entry.size > maxText) return undefined
    return new TextDecoder().decode(tree.read(entry.path))
  }
}

type Known = ProofSide & { readonly baseLayers: number }

/** Configuration of the image whose layers are the side's base, when the store has it. */
function baseConfig(session: Session, { image, baseLayers }: Known): ContainerConfig | undefined {
  if (baseLayers === 0) return undefined
  const wanted = image.config.rootfs.diff_ids.slice(0, baseLayers).join()
  return session.store
    .images()
    .find((other) => other.id !== image.id && other.config.rootfs.diff_ids.join() === wanted)
    ?.config.config
}
