import { existsSync, readFileSync } from 'node:fs'
import { Fault, formatSize } from '../base/index.ts'
import { type Baseline, type BaselineRule, type GateImage, parseBaseline } from '../gate/index.ts'
import { writeFile } from './write-file.ts'

/** The sizes to compare with, or what is to be said when there are none. @throws Fault POLICY_INVALID, BASELINE_MISSING */
export function readBaseline(rule: BaselineRule | null): {
  readonly baseline: Baseline | null
  readonly warning: string | null
} {
  if (!rule) return { baseline: null, warning: null }
  if (!existsSync(rule.file)) {
    const missing = `there is no baseline at ${rule.file}`
    if (rule.onMissing === 'error')
      throw new Fault('BASELINE_MISSING', missing, {
        kind: 'undecided',
        hint: 'jettison check --update-baseline writes it; on-missing: warn lets the gate go on without',
      })
    return { baseline: null, warning: rule.onMissing === 'warn' ? missing : null }
  }
  return { baseline: parseBaseline(readJson(rule.file), rule.file), warning: null }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw notJson(path, error)
  }
}

function notJson(path: string, cause: unknown): Fault {
  return new Fault('POLICY_INVALID', `${path} is no JSON`, { kind: 'invalid', cause })
}

/**
 * A ratchet: the baseline goes down by itself and up only when that is asked for.
 * @throws Fault BASELINE_GROWS, BASELINE_UNNAMED, OUTPUT_UNWRITABLE
 */
export function writeBaseline(
  rule: BaselineRule | null,
  image: GateImage,
  allowGrowth: boolean,
): Baseline {
  if (!rule)
    throw new Fault('BASELINE_UNNAMED', 'jettison.yaml names no baseline', {
      kind: 'invalid',
      hint: 'add baseline: jettison-baseline.json',
    })
  const now: Baseline = {
    version: 1,
    reference: image.reference,
    size: image.size,
    layers: image.config.rootfs.diff_ids.length,
    ballast: image.weight().categories.reduce((sum, one) => sum + (one.ballast ? one.bytes : 0), 0),
  }
  const { baseline } = readBaseline({ ...rule, onMissing: 'skip' })
  if (baseline && now.size > baseline.size && !allowGrowth)
    throw new Fault(
      'BASELINE_GROWS',
      `the image grew from ${formatSize(baseline.size)} to ${formatSize(now.size)}; the baseline stays`,
      { hint: 'make it smaller, or accept it with --update-baseline --allow-growth' },
    )
  writeFile(rule.file, `${JSON.stringify(now, null, 2)}\n`)
  return now
}
