import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, isFault, type Source } from '../base/index.ts'
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
  type GateAnswer,
  type GateImage,
  type GateInput,
  type GateResult,
  type Policy,
  probeTarget,
} from '../gate/index.ts'
import { familiarName, parseReference, withDefaultTag } from '../image/index.ts'
import type { ContainerRunner } from '../proof/index.ts'
import { storedSource } from './image-source.ts'
import { hostPlatform } from './platform.ts'
import type { Session } from './session.ts'
import { countBaseLayers, packagesOf, subjectOf, toolsOf } from './subject.ts'
import { weigh } from './weigh.ts'

export type GateSubject = {
  readonly name: string
  readonly image: StoredImage
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
  const baseLayers = subject
    ? (subject.baseLayers ?? countBaseLayers(session, subject.image, base))
    : 0
  const input: GateInput = {
    dockerfile: dockerfile
      ? { source: dockerfile, value: parseDockerfile(dockerfile.text).value }
      : null,
    runtimeBase,
    image: subject ? gateImage(session, subject, baseLayers, dockerfile) : null,
    answers: subject ? await answers(session, policies, subject, baseLayers) : new Map(),
    ...rules,
    today: new Date().toISOString().slice(0, 10),
  }
  return { result: evaluate(policies, input), image: input.image }
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
  session: Session,
  { name, image }: GateSubject,
  baseLayers: number,
  dockerfile: Source | null,
): GateImage {
  const tree = session.store.tree(image.layers)
  const baseTree = session.store.tree(image.layers.slice(0, baseLayers))
  return {
    reference: name,
    size: subjectOf(session, name, image, baseLayers).size,
    config: image.config,
    baseLayers,
    tools: toolsOf(tree),
    packages: packagesOf(tree),
    basePackages: packagesOf(baseTree),
    tree,
    layer: (index) => session.store.tree(image.layers.slice(index, index + 1)),
    weight: once(() =>
      weigh(storedSource(session, name, image), dockerfile?.text ?? null, baseLayers),
    ),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

async function answers(
  session: Session,
  policies: readonly Policy[],
  subject: GateSubject,
  baseLayers: number,
): Promise<ReadonlyMap<string, GateAnswer>> {
  const probes = policies.filter((policy) => policy.id === 'http-probe')
  const found = new Map<string, GateAnswer>()
  if (probes.length === 0) return found
  const runner = subject.runner ?? (await session.engine()).proofRunner
  const image = subjectOf(session, subject.name, subject.image, baseLayers)
  const container = await runner.start(image, {}, session.signal).catch(notStarted)
  if (typeof container === 'string') {
    for (const { url } of probes) found.set(url, { kind: 'none', reason: container })
    return found
  }
  try {
    for (const { url } of probes) found.set(url, await ask(session, container, url))
  } finally {
    await container.stop({ signal: 'SIGTERM', graceMs: 5000 })
  }
  return found
}

/** An app that cannot be started gives no answer; anything else that goes wrong is no finding about it. */
function notStarted(error: unknown): string {
  if (isFault(error) && error.code === 'CONTAINER_NOT_STARTED') return error.message
  throw error
}

type Container = Awaited<ReturnType<Awaited<ReturnType<Session['engine']>>['proofRunner']['start']>>

/** The file that the policy is from was checked. */
function targetOf(url: string): { readonly port: number; readonly path: string } {
  const target = probeTarget(url)
  if (!target) throw new Fault('POLICY_INVALID', `${url} is no URL of the app`, { kind: 'invalid' })
  return target
}

/** Asks until the app answers, ends, or half a minute is over. */
async function ask(session: Session, container: Container, url: string): Promise<GateAnswer> {
  const { port, path } = targetOf(url)
  const until = Date.now() + 30_000
  for (;;) {
    const answer = await container.request(
      { port, method: 'GET', path, timeoutMs: 5000 },
      session.signal,
    )
    if (answer.kind === 'answer')
      return {
        kind: 'answer',
        status: answer.status,
        body: Buffer.from(answer.body).toString('utf8'),
      }
    const ended = container.ended()
    if (ended)
      return {
        kind: 'none',
        reason: `the app ended with exit code ${ended.exitCode}: ${lastLines(container.logs())}`,
      }
    if (Date.now() > until)
      return { kind: 'none', reason: `no answer within 30 s (${answer.reason})` }
    await sleep(100, undefined, { signal: session.signal })
  }
}

function lastLines(logs: string): string {
  return logs.trimEnd().split('\n').slice(-5).join(' | ') || 'no output'
}
