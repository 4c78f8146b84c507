import type { PackageDatabase } from '../analysis/index.ts'
import type { Source } from '../base/index.ts'
import {
  type GraphStage,
  makeScope,
  platformArgs,
  type StoredImage,
  stageGraph,
} from '../build/index.ts'
import { parseDockerfile, stagesOf } from '../dockerfile/index.ts'
import {
  evaluate,
  type GateImage,
  type GateInput,
  type GateResult,
  kindOf,
  type Policy,
  type WeighedFile,
} from '../gate/index.ts'
import { familiarName, parseReference, withDefaultTag } from '../image/index.ts'
import type { ContainerRunner } from '../proof/index.ts'
import { estimateCompressed } from './estimate-compressed.ts'
import { gateRuns } from './gate-runs.ts'
import { type ImageSource, storedSource } from './image-source.ts'
import { hostPlatform } from './platform.ts'
import type { Session } from './session.ts'
import { countBaseLayers, packagesOf, subjectOf, toolsOf } from './subject.ts'
import { weigh } from './weigh.ts'

export type GateSubject = {
  readonly name: string
  /** Null for one that is not in the store: then `source` is there, and nothing can be started. */
  readonly image: StoredImage | null
  readonly source?: ImageSource | undefined
  /** Known when the image was built just now; else it is looked up in the store. */
  readonly baseLayers?: number | undefined
  /** Starts the app with what it needs; alone when absent. */
  readonly runner?: ContainerRunner | undefined
}

/** What a policy file says besides its policies. */
export type GateRules = Pick<GateInput, 'baseline' | 'ignore'>

export type Gated = { readonly result: GateResult; readonly image: GateImage | null }

/** Judges an image and its Dockerfile; starts the app when a policy asks for an answer. */
export async function gate(
  session: Session,
  policies: readonly Policy[],
  dockerfile: Source | null,
  subject: GateSubject | null,
  rules: GateRules = { baseline: null, ignore: [] },
): Promise<Gated> {
  const runtimeBase = dockerfile ? runtimeBaseOf(dockerfile) : null
  const base =
    runtimeBase === null
      ? undefined
      : session.store.findImage(familiarName(withDefaultTag(parseReference(runtimeBase))))
  const source = subject ? sourceOf(session, subject) : null
  const baseLayers = subject?.baseLayers ?? (source ? countBaseLayers(session, source, base) : 0)
  const stored = subject?.image ?? null
  const basePackages = stored
    ? packagesOf(session.store.tree(stored.layers.slice(0, baseLayers)))
    : lastPackages(source?.layers.slice(0, baseLayers) ?? [])
  const started = subject && stored ? subjectOf(session, subject.name, stored, baseLayers) : null
  const input: GateInput = {
    dockerfile: dockerfile
      ? { source: dockerfile, value: parseDockerfile(dockerfile.text).value }
      : null,
    runtimeBase,
    image: source ? gateImage(source, { baseLayers, basePackages }, dockerfile) : null,
    ...(source
      ? await gateRuns(session, policies, started, subject?.runner)
      : { answers: new Map(), boot: null, health: null, notStarted: 'there is no image' }),
    ...rules,
    today: today(),
  }
  const result = evaluate(policies, input)
  const warnings = [...unknownBase(input, policies), ...result.warnings]
  return { result: { ...result, warnings }, image: input.image }
}

/** Without its base an image is judged for what it did not bring; that has to be told. */
function unknownBase(
  { image, runtimeBase }: GateInput,
  policies: readonly Policy[],
): readonly string[] {
  const judged = policies.some(({ id }) => kindOf(id).needsBase)
  if (!image || image.baseLayers > 0 || runtimeBase === 'scratch' || !judged) return []
  return [
    runtimeBase === null
      ? 'which layers are the base is not known, so all of them count: name the Dockerfile with -f, and have its base in the store'
      : `${runtimeBase} is not in the store, or no part of this image: all layers count as yours (jettison pull ${runtimeBase})`,
  ]
}

/** `YYYY-MM-DD`, in Greenwich. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}

function sourceOf(session: Session, { name, image, source }: GateSubject): ImageSource | null {
  return source ?? (image ? storedSource(session, name, image) : null)
}

/** The image under the last stage, variables expanded; null when the Dockerfile has no stage or starts from scratch. */
export function runtimeBaseOf(source: Source): string | null {
  const { value } = parseDockerfile(source.text)
  const globals = stagesOf(value).globalArgs.flatMap((instruction) => instruction.pairs)
  const scope = makeScope(
    new Map([
      ...platformArgs(hostPlatform(), ''),
      ...globals.map(
        (pair) => [pair.key, pair.value?.replace(/^(["'])(.*)\1$/, '$2') ?? ''] as const,
      ),
    ]),
    [],
  )
  const graph = stageGraph(source, value, { scope, target: null, contexts: new Set() })
  let at: GraphStage | undefined = graph.stages[graph.target]
  while (at?.base.kind === 'stage') at = graph.stages[at.base.index]
  return at?.base.kind === 'image' ? at.base.reference : at ? 'scratch' : null
}

function gateImage(
  source: ImageSource,
  { baseLayers, basePackages }: Pick<GateImage, 'baseLayers' | 'basePackages'>,
  dockerfile: Source | null,
): GateImage {
  const { name, tree, config, layers } = source
  const made = config.history.filter(({ empty_layer: empty }) => !empty)[baseLayers - 1]?.created
  const weight = once(() => weigh(source, dockerfile?.text ?? null, baseLayers))
  return {
    reference: name,
    size: layers.reduce((sum, { bytes }) => sum + bytes, 0),
    config,
    ...{ baseLayers, basePackages },
    // The first of all days is what a reproducible build writes for none.
    baseDate: made === undefined || made < '1981' ? null : made.slice(0, 10),
    tools: toolsOf(tree),
    packages: packagesOf(tree),
    tree,
    layer: (index) => layers[index]?.tree ?? tree,
    compressed: once(() => compressedOf(source, weight().files)),
    weight,
  }
}

/** The database of the highest layer that has one: its names are those of all below. */
function lastPackages(layers: ImageSource['layers']): PackageDatabase | undefined {
  return layers.map(({ tree }) => packagesOf(tree)).findLast((found) => found !== undefined)
}

function compressedOf(
  { tree, layers }: ImageSource,
  files: readonly WeighedFile[],
): { readonly bytes: number; readonly measured: boolean } {
  const sizes = layers.map(({ packed, bytes }, index) => {
    const own = files.filter(({ layer }) => layer === index)
    return packed ?? estimateCompressed(tree, own, bytes)
  })
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    measured: layers.every(({ packed }) => packed !== undefined),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
