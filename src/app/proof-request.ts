import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoredImage } from '../build/index.ts'
import {
  type AbsentService,
  appRunner,
  type Clock,
  type ContainerRunner,
  discoverProbes,
  type Probe,
  type ProjectFiles,
  type Proof,
  prove,
  type SecondaryEntrypoint,
  type Service,
  timingUnder,
} from '../proof/index.ts'
import { findInProject } from './entrypoints.ts'
import { readProbes } from './probe-sources.ts'
import { findServices, type ProofService } from './proof-services.ts'
import type { Session } from './session.ts'
import { isStandIn } from './stand-ins.ts'
import { countBaseLayers, subjectOf } from './subject.ts'

/** One side of a proof as it is asked for. */
export type ProofSide = {
  readonly name: string
  readonly image: StoredImage
  readonly baseLayers?: number | undefined
}

/** One side with what belongs to its base. */
export type ProofImage = {
  readonly name: string
  readonly image: StoredImage
  readonly baseLayers: number
  /** The image that those layers are, when the store has it: its settings are not the app's. */
  readonly base: StoredImage | undefined
}

/** Everything a proof depends on, found: what is proved again later is proved with the same. */
export type ProofRequest = {
  readonly fat: ProofImage
  readonly lean: ProofImage
  readonly probes: readonly Probe[]
  readonly entrypoints: readonly SecondaryEntrypoint[]
  readonly services: readonly ProofService[]
  readonly absent: readonly AbsentService[]
  /** `KEY=value` for the app on both sides. */
  readonly env: readonly string[]
  readonly maxSize: number | null
  readonly mutations: number | 'all' | undefined
}

/** What a user may say about a proof. */
export type ProveOptions = {
  readonly fat: ProofSide
  readonly lean: ProofSide
  /** As `--probe` takes them; what the image and the project propose is added. */
  readonly probes: readonly string[]
  /** As `--service` takes them; those of the project's compose file are added. */
  readonly services?: readonly string[]
  readonly env?: readonly string[]
  readonly maxSize: number | null
  /** The project's own files; those in fat's working directory when it is not known. */
  readonly files?: ProjectFiles | undefined
  /** Where files that probes name are. */
  readonly cwd?: string | undefined
  readonly mutations?: number | 'all' | undefined
}

/** Finds what two images are to be asked, and in which conditions. @throws Fault PROBE_INVALID, PROBE_FILE_INVALID, USAGE */
export async function requestProof(session: Session, options: ProveOptions): Promise<ProofRequest> {
  const fat = imageOf(session, options.fat)
  const { config } = fat.image.config
  const found = await findInProject(options.files ?? filesInImage(session, fat.image), config)
  const given = await readProbes(options.probes, { cwd: options.cwd ?? '', image: config })
  const { services, absent } = await findServices(session, options.services ?? [], found.services)
  return {
    fat,
    lean: imageOf(session, options.lean),
    probes: [...given, ...discoverProbes({ config }), ...found.probes],
    entrypoints: found.entrypoints,
    services,
    absent,
    env: [...found.env, ...(options.env ?? [])],
    maxSize: options.maxSize,
    mutations: options.mutations,
  }
}

const clock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
}

/** Who ran or waited for a processor in the last minute, for each of them; 0 where the system does not say. */
function crowding(): number {
  return (loadavg()[0] ?? 0) / availableParallelism()
}

/** Settings of apps, services and commands that the project's files name, `KEY=value`: those of a compose file. */
export async function settingsInProject(
  session: Session,
  fat: StoredImage,
  files: ProjectFiles = filesInImage(session, fat),
): Promise<readonly string[]> {
  const { env, services, entrypoints } = await findInProject(files, fat.config.config)
  return [
    ...env,
    ...services.flatMap((one) => one.env),
    ...entrypoints.flatMap(({ options }) => options.env ?? []),
  ]
}

/** Climbs the ladder. */
export async function runProof(session: Session, request: ProofRequest): Promise<Proof> {
  const { fat, lean, absent, env, maxSize, mutations } = request
  return prove({
    fat: subjectOf(session, fat.name, fat.image, fat.baseLayers),
    lean: subjectOf(session, lean.name, lean.image, lean.baseLayers),
    probes: request.probes,
    runner: (await session.engine()).proofRunner,
    clock,
    options: {
      baseConfigs: {
        ...(fat.base ? { fat: fat.base.config.config } : {}),
        ...(lean.base ? { lean: lean.base.config.config } : {}),
      },
      entrypoints: request.entrypoints,
      conditions: { services: request.services.map((one) => serviceOf(session, one)), env },
      absentServices: absent,
      timing: timingUnder(crowding()),
      ...(mutations === undefined ? {} : { mutations }),
      standInBases: [fat.image, lean.image].some(isStandIn),
      ...(maxSize === null ? {} : { maxSize }),
    },
    emit: session.emit,
    signal: session.signal,
  })
}

/** Starts the app as the proof did, with its services and settings. */
export async function runnerFor(
  session: Session,
  { services, env }: ProofRequest,
): Promise<ContainerRunner> {
  const { proofRunner } = await session.engine()
  const conditions = { services: services.map((one) => serviceOf(session, one)), env }
  return appRunner(proofRunner, conditions, clock)
}

function serviceOf(session: Session, { reference, image, ...rest }: ProofService): Service {
  return { ...rest, subject: subjectOf(session, reference, image, 0) }
}

function imageOf(session: Session, { name, image, baseLayers }: ProofSide): ProofImage {
  const layers = baseLayers ?? countBaseLayers(session, image, undefined)
  return { name, image, baseLayers: layers, base: baseOf(session, image, layers) }
}

/** The image whose layers are those of the base, when the store has it. */
function baseOf(session: Session, image: StoredImage, layers: number): StoredImage | undefined {
  if (layers === 0) return undefined
  const wanted = image.config.rootfs.diff_ids.slice(0, layers).join()
  return session.store
    .images()
    .find((other) => other.id !== image.id && other.config.rootfs.diff_ids.join() === wanted)
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
