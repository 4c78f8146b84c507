import { type EventSink, Fault, withPlace } from '../base/index.ts'
import {
  type ArgInstruction,
  type Dockerfile,
  type Instruction,
  parseDockerfile,
  stagesOf,
} from '../dockerfile/index.ts'
import { absentLayers } from './absent.ts'
import { copyStep } from './copy-step.ts'
import { earlyFetches } from './early.ts'
import { epochText, parseEpoch } from './epoch.ts'
import { stageGraph, targetStages } from './graph.ts'
import { buildArg, expand, type Job, placeOf } from './job.ts'
import { applyMetadata } from './metadata.ts'
import { plannedStages, stageLabel } from './planned-stages.ts'
import type { BuildPorts, StoredImage } from './ports.ts'
import { publish } from './publish.ts'
import type { BuildRequest, BuildResult } from './request.ts'
import { runStep } from './run-step.ts'
import { makeScope, platformArgs, type Scope, withArg } from './scope.ts'
import { makesStep, stageStart } from './stage-start.ts'
import type { StageState } from './state.ts'
import { workdirStep } from './workdir-step.ts'

/**
 * Builds the target stage: stages start when something needs them, independent ones side by side, unreachable ones
 * never. Publishes the image and its tags.
 * @throws Fault for everything that is wrong with the Dockerfile, with its place
 */
export async function buildImage(
  request: BuildRequest,
  ports: BuildPorts,
  io: { readonly emit: EventSink; readonly signal?: AbortSignal | undefined },
): Promise<BuildResult> {
  const { job, settled } = makeJob(request, ports, io)
  const { state, image } = await built(job).finally(settled)
  const cacheMounts = [...job.cacheMounts]
  const steps = job.made.map((made) => ({ ...made, layer: job.absent.known(made.layer) }))
  const layers = new Set([...image.layers, ...steps.map(({ layer }) => layer)])
  const absent = [...layers].flatMap((layer) => job.absent.find(layer) ?? [])
  const { baseLayers } = state
  return { image, absent, baseLayers, ...job.count, steps, cacheMounts }
}

async function built(
  job: Job,
): Promise<{ readonly state: StageState; readonly image: StoredImage }> {
  job.emit({ kind: 'stages', stages: plannedStages(job.graph) })
  const state = await job.stage(job.graph.target)
  warnUnusedArgs(job)
  return { state, image: await publish(job, state) }
}

function makeJob(
  asked: BuildRequest,
  ports: BuildPorts,
  io: { readonly emit: EventSink; readonly signal?: AbortSignal | undefined },
): { readonly job: Job; readonly settled: () => Promise<void> } {
  const request = withContextEpoch(asked)
  const source = request.dockerfile
  const { value: dockerfile, diagnostics } = parseDockerfile(source.text)
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'error')
  if (error)
    throw new Fault(error.code, error.message, {
      kind: 'invalid',
      hint: error.hint,
      at: { source, range: error.range },
    })
  warnSyntax(request, dockerfile, io.emit)
  const usedArgs = new Set<string>()
  const { globalArgs, stages } = stagesOf(dockerfile)
  const globalScope = readGlobals(request, globalArgs, usedArgs, {
    source,
    dockerfile,
    lastStage: stages.at(-1)?.name ?? null,
  })
  const graph = stageGraph(source, dockerfile, {
    scope: globalScope,
    target: request.target,
    contexts: new Set(request.namedContexts.keys()),
  })
  const epoch = parseEpoch(
    buildArg(request, 'SOURCE_DATE_EPOCH') ?? globalScope.get('SOURCE_DATE_EPOCH'),
  )
  const memo = new Map<number, Promise<StageState>>()
  // One failed step stops the stages that run beside it.
  const stop = new AbortController()
  const signal = io.signal ? AbortSignal.any([io.signal, stop.signal]) : stop.signal
  const absent = absentLayers()
  const kept = request.keep === false ? new Set() : targetStages(graph)
  const job: Job = {
    request,
    source,
    dockerfile,
    ports,
    graph,
    globalScope,
    emit: io.emit,
    signal,
    usedArgs,
    epoch,
    created: epoch === null ? null : epochText(epoch),
    absent,
    early: earlyFetches(graph),
    fetchAhead: (layers) => {
      const fetching = absent.present(layers, { step: 'FROM', emit: io.emit, signal })
      fetching.catch((error: unknown) => stop.abort(error))
    },
    stageIndex: graph.target,
    kept: false,
    count: { ran: 0, cached: 0 },
    made: [],
    madeAt: new Map(),
    cacheMounts: new Set(),
    stage: (index) => {
      const known = memo.get(index)
      if (known !== undefined) return known
      const within = { ...job, stageIndex: index, kept: kept.has(index) }
      const started = buildStage(within, index).catch((error: unknown) => {
        stop.abort(error)
        throw error
      })
      memo.set(index, started)
      return started
    },
  }
  const settled = async (): Promise<void> => {
    await Promise.allSettled(memo.values())
    await absent.settled()
    // What stopped everything is what went wrong, and not how the steps took it.
    if (stop.signal.aborted && !io.signal?.aborted) throw stop.signal.reason
  }
  return { job, settled }
}

/** The front end is built in: an image of somebody else's is never fetched and run, whatever the file asks for. */
function warnSyntax(request: BuildRequest, { directives }: Dockerfile, emit: EventSink): void {
  const written = directives.find(({ name }) => name === 'syntax')?.value
  const wanted = (buildArg(request, 'BUILDKIT_SYNTAX') ?? written ?? '').trim()
  if (wanted === '' || /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(wanted))
    return
  emit({
    ...{ kind: 'notice', level: 'warning', code: 'SYNTAX_IGNORED' },
    message: `# syntax=${wanted} is not used: the file is read as docker/dockerfile reads it`,
  })
}

/** `SOURCE_DATE_EPOCH=context`: the build argument gets the context's own time, or none. */
function withContextEpoch(request: BuildRequest): BuildRequest {
  if (buildArg(request, 'SOURCE_DATE_EPOCH') !== 'context') return request
  const { contextEpoch = null } = request
  const SOURCE_DATE_EPOCH = contextEpoch === null ? '' : String(contextEpoch)
  return { ...request, args: { ...request.args, SOURCE_DATE_EPOCH } }
}

function readGlobals(
  request: BuildRequest,
  args: readonly ArgInstruction[],
  used: Set<string>,
  file: Pick<Job, 'source' | 'dockerfile'> & { readonly lastStage: string | null },
): Scope {
  const target = request.target || (file.lastStage ?? '')
  const variables = platformArgs(request.platform, target)
  for (const [name, value] of Object.entries(request.args))
    if (variables.has(name)) variables.set(name, value)
  let scope = makeScope(variables, [])
  for (const instruction of args)
    for (const pair of instruction.pairs) {
      used.add(pair.key)
      const value =
        buildArg(request, pair.key) ??
        (pair.value === null ? scope.get(pair.key) : expand(file, scope, pair.value, pair.range))
      scope = withArg(scope, pair.key, value)
    }
  return scope
}

async function buildStage(job: Job, index: number): Promise<StageState> {
  const item = job.graph.stages[index]
  if (!item) throw new Fault('STAGE_MISSING', `there is no stage ${index}`, { kind: 'internal' })
  // Everything that this stage reads starts at once; what is not needed yet must not leave an unhandled rejection.
  for (const need of item.needs) job.stage(need).catch(() => {})
  const name = stageLabel(job.graph, index)
  const { state: base, triggers } = await stageStart(job, index, name)
  if (item.base.kind === 'context') return base
  const own = item.stage.instructions.map((instruction) => ({ job, instruction }))
  const all = [...triggers, ...own]
  const total = all.filter(({ instruction }) => makesStep(instruction)).length + 1
  let state = base
  let at = 1
  for (const { job: within, instruction } of all) {
    if (makesStep(instruction)) at += 1
    const label = `[${name ? `${name} ` : ''}${at}/${total}]`
    try {
      state =
        applyMetadata(within, state, instruction) ??
        (await layerInstruction(within, state, instruction, index, label))
    } catch (error) {
      // An interrupt is nobody's fault.
      throw job.signal?.aborted ? error : withPlace(error, placeOf(within, instruction.range))
    }
  }
  return state
}

function layerInstruction(
  job: Job,
  state: StageState,
  instruction: Instruction,
  index: number,
  label: string,
): Promise<StageState> {
  switch (instruction.kind) {
    case 'run':
      return runStep(job, state, instruction, index, label)
    case 'copy':
    case 'add':
      return copyStep(job, state, instruction, index, label)
    case 'workdir':
      return workdirStep(job, state, instruction, label)
    default:
      throw new Fault('INSTRUCTION_UNKNOWN', `cannot run ${instruction.keyword}`, {
        kind: 'internal',
        at: placeOf(job, instruction.range),
      })
  }
}

function warnUnusedArgs(job: Job): void {
  const unused = Object.keys(job.request.args).filter(
    (name) =>
      !job.usedArgs.has(name) && !/^(?:BUILD|TARGET|SOURCE_DATE|BUILDKIT)|_proxy$/i.test(name),
  )
  if (unused.length > 0)
    job.emit({
      kind: 'notice',
      level: 'warning',
      code: 'BUILD_ARG_UNUSED',
      message: `One or more build-args [${unused.join(' ')}] were not consumed`,
    })
}
