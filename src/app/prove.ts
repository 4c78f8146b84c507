import { setTimeout as delay } from 'node:timers/promises'
import type { StoredImage } from '../build/index.ts'
import type { ContainerConfig } from '../image/index.ts'
import { discoverProbes, type Probe, type Proof, parseProbe, prove } from '../proof/index.ts'
import { findImage } from './images.ts'
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
  return prove({
    fat: subjectOf(session, fat.name, fat.image, fat.baseLayers),
    lean: subjectOf(session, lean.name, lean.image, lean.baseLayers),
    probes: [...given, ...discoverProbes({ config: fat.image.config.config })],
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
  },
): Promise<Proof> {
  const [fat, lean] = [options.fat, options.lean].map((name) => ({
    name,
    image: findImage(session, name),
  })) as [ProofSide, ProofSide]
  return proveImages(session, { ...options, fat, lean })
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
