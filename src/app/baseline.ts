import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault, formatSize, isFault } from '../base/index.ts'
import { type Baseline, type BaselineRule, type GateImage, parseBaseline } from '../gate/index.ts'
import type { ContainerConfig } from '../image/index.ts'
import { lookInto } from './image-source.ts'
import type { Session } from './session.ts'
import { readUserFile } from './user-file.ts'
import { writeFile } from './write-file.ts'

type Found = { readonly baseline: Baseline | null; readonly warnings: readonly string[] }

/** What `--baseline` names: a file when there is one or it looks like one, else an image. */
export function namedBaseline(name: string, cwd: string): BaselineRule {
  const isFile = name.endsWith('.json') || (existsSync(resolve(cwd, name)) && !/\.tar/.test(name))
  return {
    from: isFile ? { file: resolve(cwd, name) } : { image: name },
    onMissing: 'error',
    staleAfterDays: null,
  }
}

/**
 * The image to compare with, or what is to be said when there is none.
 * @param today `YYYY-MM-DD`
 * @throws Fault POLICY_INVALID, BASELINE_MISSING
 */
export async function readBaseline(
  session: Session,
  rule: BaselineRule | null,
  { cwd, today }: { readonly cwd: string; readonly today: string },
): Promise<Found> {
  if (!rule) return { baseline: null, warnings: [] }
  const found =
    'file' in rule.from
      ? baselineFile(rule.from.file)
      : await baselineImage(session, rule.from.image, cwd)
  if (typeof found === 'string') return missing(rule, found)
  return { baseline: found, warnings: staleness(found, rule, today) }
}

function missing({ onMissing, from }: BaselineRule, why: string): Found {
  if (onMissing === 'error')
    throw new Fault('BASELINE_MISSING', why, {
      kind: 'undecided',
      hint: `${'file' in from ? 'jettison check --update-baseline writes it' : 'pull, build or name it otherwise'}; on-missing: warn lets the gate go on without`,
    })
  return { baseline: null, warnings: onMissing === 'warn' ? [why] : [] }
}

function baselineFile(path: string): Baseline | string {
  return existsSync(path) ? parseBaseline(readJson(path), path) : `there is no baseline at ${path}`
}

/** An earlier image itself, wherever it is; that it cannot be had is an answer too. */
async function baselineImage(
  session: Session,
  name: string,
  cwd: string,
): Promise<Baseline | string> {
  try {
    return await lookInto(session, name, cwd, (image) => ({
      version: 1,
      reference: name,
      size: image.layers.reduce((sum, { bytes }) => sum + bytes, 0),
      layers: image.layers.length,
      ballast: null,
      ...(image.config.created === undefined ? {} : { date: image.config.created.slice(0, 10) }),
      configuration: image.config.config,
    }))
  } catch (error) {
    if (isFault(error) && error.kind !== 'internal')
      return `the baseline ${name} cannot be read: ${error.message}`
    throw error
  }
}

/** An image that is built reproducibly has no date, which is written as the first of all days. */
function staleness(
  { date, reference }: Baseline,
  { staleAfterDays }: BaselineRule,
  today: string,
): readonly string[] {
  if (staleAfterDays === null || date === undefined || date < '1981') return []
  const days = Math.floor((Date.parse(today) - Date.parse(date)) / 86_400_000)
  return days > staleAfterDays
    ? [`the baseline ${reference} is ${days} days old; more than ${staleAfterDays} is called stale`]
    : []
}

function readJson(path: string): unknown {
  const text = readUserFile(path, { code: 'POLICY_INVALID', what: `read ${path}` }).toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw notJson(path, error)
  }
}

function notJson(path: string, cause: unknown): Fault {
  return new Fault('POLICY_INVALID', `${path} is no JSON`, {
    ...{ kind: 'invalid', cause },
    hint: 'it is a baseline: remove it, and jettison check --update-baseline writes it anew',
  })
}

/** What callers depend on, without the values of variables: the file is committed, and one may be a secret. */
function callersPart(config: ContainerConfig): ContainerConfig {
  const { Entrypoint, Cmd, User, WorkingDir, ExposedPorts, Volumes, Healthcheck, StopSignal } =
    config
  const given = {
    Entrypoint,
    Cmd,
    User,
    WorkingDir,
    ExposedPorts,
    Volumes,
    Healthcheck,
    StopSignal,
  }
  const names = (config.Env ?? []).map((pair) => pair.replace(/=.*$/s, ''))
  return { ...(JSON.parse(JSON.stringify(given)) as ContainerConfig), Env: names }
}

/**
 * A ratchet: the baseline goes down by itself and up only when that is asked for.
 * @throws Fault BASELINE_GROWS, BASELINE_UNNAMED, OUTPUT_UNWRITABLE
 */
export function writeBaseline(
  rule: BaselineRule | null,
  image: GateImage,
  { allowGrowth, today }: { readonly allowGrowth: boolean; readonly today: string },
): Baseline {
  if (!rule || !('file' in rule.from))
    throw new Fault('BASELINE_UNNAMED', 'jettison.yaml names no file for the baseline', {
      kind: 'invalid',
      hint: 'add baseline: jettison-baseline.json',
    })
  const { file } = rule.from
  const now: Baseline = {
    version: 1,
    reference: image.reference,
    date: today,
    size: image.size,
    layers: image.config.rootfs.diff_ids.length,
    ballast: image.weight().categories.reduce((sum, one) => sum + (one.ballast ? one.bytes : 0), 0),
    configuration: callersPart(image.config.config),
  }
  const before = existsSync(file) ? parseBaseline(readJson(file), file) : null
  if (before && now.size > before.size && !allowGrowth)
    throw new Fault(
      'BASELINE_GROWS',
      `the image grew from ${formatSize(before.size)} to ${formatSize(now.size)}; the baseline stays`,
      { hint: 'make it smaller, or accept it with --update-baseline --allow-growth' },
    )
  writeFile(file, `${JSON.stringify(now, null, 2)}\n`)
  return now
}
