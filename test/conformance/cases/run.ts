import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildAsk, Engine, Outcome } from '../engines/types.ts'
import type { ImageState } from '../image/types.ts'
import { checkStep } from './check.ts'
import { layOut } from './lay-out.ts'
import { type Served, serve } from './serve.ts'
import type { Case, Step } from './types.ts'

export type CaseResult = {
  /** What was not as the case says, with the number of the step. */
  readonly wrong: readonly string[]
  readonly outcomes: readonly Outcome[]
}

/** Builds the steps of a case one after another with one engine. */
export async function runCase(
  item: Case,
  engine: Engine,
  bases: ReadonlyMap<string, ImageState>,
): Promise<CaseResult> {
  const dir = mkdtempSync(join(tmpdir(), 'jettison-case-'))
  const outcomes: Outcome[] = []
  const wrong: string[] = []
  let served: Served | undefined
  try {
    const context = join(dir, 'context')
    mkdirSync(context)
    const time = timeOf(item)
    layOut(context, item.context ?? {}, time)
    for (const [name, items] of Object.entries(item.folders ?? {})) {
      mkdirSync(join(dir, name))
      layOut(join(dir, name), items, time)
    }
    if (item.served) served = await serve(join(dir, 'served'), item.served, time)
    for (const [at, step] of item.steps.entries()) {
      layOut(context, step.change ?? {}, time + at)
      const outcome = await engine.build(askOf(step, dir, context, served?.address ?? ''))
      const base = bases.get(step.base ?? baseName(step) ?? '')
      const found = checkStep(step, outcome, outcomes, base)
      wrong.push(...found.map((line) => `step ${at + 1}: ${line}`))
      outcomes.push(outcome)
    }
    return { wrong, outcomes }
  } finally {
    await served?.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * The time of a case's files: the same for every engine, and another for each case, because BuildKit takes a file of the
 * same name, size and time for the one it knows.
 */
function timeOf(item: Case): number {
  const digest = createHash('sha256').update(item.name).digest()
  return 1_000_000_000 + (digest.readUInt32BE() % 500_000) * 1000
}

function askOf(step: Step, dir: string, context: string, server: string): BuildAsk {
  const { args, labels, target, secrets, noCache, noCacheFilter, network, allow } = step
  const dockerfile = join(context, step.file ?? 'Dockerfile')
  if (step.dockerfile !== undefined) {
    // BuildKit answers from its session by name and time, so the Dockerfile lies outside of the context.
    mkdirSync(join(dir, 'dockerfile'), { recursive: true })
    writeFileSync(
      join(dir, 'dockerfile', 'Dockerfile'),
      step.dockerfile.replaceAll('{server}', server),
    )
  }
  const contexts = Object.entries(step.contexts ?? {}).map(([name, folder]) => [
    name,
    folder.startsWith('{server}') ? folder.replace('{server}', server) : join(dir, folder),
  ])
  const asked = { args, labels, target, secrets, noCache, noCacheFilter, network, allow }
  const given = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  ) as Partial<BuildAsk>
  return {
    ...given,
    context,
    dockerfile: step.dockerfile === undefined ? dockerfile : join(dir, 'dockerfile', 'Dockerfile'),
    ...(step.remote === undefined
      ? {}
      : {
          remote: {
            url: step.remote.replace('{server}', server),
            ...(step.file === undefined ? {} : { file: step.file }),
          },
        }),
    ...(step.contexts ? { contexts: Object.fromEntries(contexts) } : {}),
  }
}

/** The base of the last stage, so that its files are not taken for the build's. */
function baseName(step: Step): string | undefined {
  const froms = [
    ...(step.dockerfile ?? '').matchAll(/^FROM\s+(?:--\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?/gim),
  ]
  const stages = new Map(froms.map(([, image, name]) => [name?.toLowerCase(), image]))
  let name = step.target ? stages.get(step.target.toLowerCase()) : froms.at(-1)?.[1]
  for (let hops = 0; hops < 20 && name !== undefined && stages.has(name); hops++)
    name = stages.get(name)
  return name
}
