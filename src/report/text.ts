import { formatSize } from '../base/index.ts'
import type { Proof } from '../proof/index.ts'
import { bar, percentChange } from './bars.ts'
import type { AcceptanceItem, MeasuredTransfer, Report } from './document.ts'
import { noPaint, type Paint } from './paint.ts'

const marks = { pass: '✔', fail: '✖', skip: '–', unproven: '?' } as const
const styles = { pass: 'green', fail: 'red', skip: 'dim', unproven: 'yellow' } as const

/** The report as a person reads it in a terminal: sizes, ballast, diff, proof, acceptance, transfer time. */
export function renderText(report: Report, paint: Paint = noPaint): string {
  const parts = [
    standIns(report, paint),
    refusal(report, paint),
    sizes(report, paint),
    ballast(report),
    diff(report, paint),
    repairs(report),
    proof(report, paint),
    acceptance(report.acceptance, paint),
    transfer(report),
    verdict(report, paint),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function standIns(report: Report, paint: Paint): string {
  if (!report.standInBases) return ''
  return (
    paint('yellow', '▲ stand-in bases') +
    ': built on stand-ins made from Debian packages, not on the official images'
  )
}

function refusal({ refusal: reason }: Report, paint: Paint): string {
  if (!reason) return ''
  return [
    `${paint('yellow', 'refused')}  ${paint('bold', reason.code)}: ${reason.message}`,
    ...reason.details.map((line) => `  ${line}`),
    `  jettison explain ${reason.code} says more`,
  ].join('\n')
}

function sizes({ fat, lean }: Report, paint: Paint): string {
  if (!fat || !lean) return ''
  const width = Math.max(fat.reference.length, lean.reference.length)
  const row = (name: string, size: number, layers: number, tail: string): string =>
    `  ${name.padEnd(width)}  ${formatSize(size).padStart(7)}  ${String(layers).padStart(3)} layers  ${bar(size, fat.size, 30)}${tail}`
  return [
    paint('bold', 'size (uncompressed sum of the layers)'),
    row(fat.reference, fat.size, fat.layers.length, ''),
    row(lean.reference, lean.size, lean.layers.length, `  ${percentChange(fat.size, lean.size)}`),
  ].join('\n')
}

function ballast({ ballast: categories, lean }: Report): string {
  const thrown = categories.filter((category) => category.ballast && category.bytes > 0)
  if (thrown.length === 0) return ''
  const whole = Math.max(...thrown.map((category) => category.bytes))
  const width = Math.max(...thrown.map((category) => category.title.length))
  const rows = [...thrown]
    .sort((a, b) => b.bytes - a.bytes)
    .map((category) => {
      const largest = category.largest
        .slice(0, 3)
        .map((item) => item.what)
        .join(', ')
      return `  ${category.title.padEnd(width)}  ${formatSize(category.bytes).padStart(7)}  ${bar(category.bytes, whole, 12).padEnd(12)}  ${largest}`
    })
  return [lean ? 'ballast of the fat image' : 'ballast', ...rows].join('\n')
}

function diff(report: Report, paint: Paint): string {
  const file = report.dockerfile
  if (!file?.diff) return ''
  const lines = file.diff
    .split('\n')
    .map((line) =>
      line.startsWith('+')
        ? paint('green', line)
        : line.startsWith('-')
          ? paint('red', line)
          : line.startsWith('@@')
            ? paint('cyan', line)
            : line,
    )
  const ignore = report.dockerignore
    ? `\n\n.dockerignore${report.dockerignore.path ? '' : ' (proposed)'}\n${report.dockerignore.text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n')}`
    : ''
  return `${paint('bold', 'Dockerfile')}  ${whereTo(report, file.path)}\n${lines.join('\n').trimEnd()}${ignore}`
}

/** What is not proved is not written, whatever was asked for. */
function whereTo({ verdict: found, proof: rungs }: Report, path: string | null): string {
  if (path !== null) return `written to ${path}`
  const good = found === 'EQUIVALENT' && rungs.every(({ status }) => status !== 'fail')
  return good ? '(not written: --write puts it in place)' : '(not written)'
}

function repairs(report: Report): string {
  if (report.repairs.length === 0) return ''
  return ['repaired after a proof that failed', ...report.repairs.map((step) => `  ${step}`)].join(
    '\n',
  )
}

function proof(report: Pick<Report, 'proof' | 'notExercised'>, paint: Paint): string {
  if (report.proof.length === 0) return ''
  const rows = report.proof.flatMap((rung) => {
    const mark = paint(styles[rung.status], marks[rung.status])
    const head = `  ${mark} ${rung.rung.padEnd(3)} ${rung.title}: ${rung.summary}`
    const shown =
      rung.status === 'fail' || rung.status === 'unproven' ? rung.evidence.slice(0, 12) : []
    return [
      head,
      ...shown.flatMap((item) => [
        `        ${item.message}`,
        ...(item.fat === undefined ? [] : [`          fat:  ${short(item.fat)}`]),
        ...(item.lean === undefined ? [] : [`          lean: ${short(item.lean)}`]),
      ]),
      ...(rung.evidence.length > shown.length && shown.length > 0
        ? [`        … ${rung.evidence.length - shown.length} more (--json lists all)`]
        : []),
    ]
  })
  const not = report.notExercised.map((line) => `  – ${line}`)
  return [
    paint('bold', 'proof'),
    ...rows,
    ...(not.length > 0 ? ['not exercised', ...not] : []),
  ].join('\n')
}

/** What `prove` prints. */
export function renderProof(found: Proof, paint: Paint): string {
  const part = { proof: found.rungs, notExercised: found.notExercised }
  return `${proof(part, paint)}\n\n${verdict(found, paint)}\n`
}

/** One line as it is; of several, such as a log or a body, the last ones below each other: the reason stands at the end. */
function short(text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
  const shown = lines.slice(-6).map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line))
  return [...(lines.length > shown.length ? ['…'] : []), ...shown].join('\n                ')
}

/** Also printed by `check`. */
export function acceptance(items: readonly AcceptanceItem[], paint: Paint): string {
  if (items.length === 0) return ''
  const rows = items.map((item) => {
    const mark = item.pass ? paint('green', '✔') : paint('red', '✖')
    return `  ${mark} ${item.title}: ${item.found}${item.pass ? '' : ` (allowed: ${item.allowed})`}`
  })
  return [paint('bold', 'acceptance'), ...rows].join('\n')
}

function transfer({ transfer: estimate }: Report): string {
  if (!estimate) return ''
  const { megabitsPerSecond, compressionRatio, transfersPerRun } = estimate.assumptions
  const saved = estimate.fatSeconds - estimate.leanSeconds
  return [
    `push and pull, estimated: ${seconds(estimate.fatSeconds)} → ${seconds(estimate.leanSeconds)} a CI run, ${seconds(saved)} saved`,
    `  assuming ${megabitsPerSecond} Mbit/s, layers compressed to ${Math.round(compressionRatio * 100)} %, ${transfersPerRun} transfers of every layer a run (--bandwidth, --transfers change them)`,
    ...measured(estimate.measured),
  ].join('\n')
}

function measured(moved: MeasuredTransfer | null): readonly string[] {
  if (!moved) return []
  const { fat, lean, repository } = moved
  const both = (side: MeasuredTransfer['fat']): number => side.pushSeconds + side.pullSeconds
  return [
    `push and pull, measured: ${seconds(both(fat))} → ${seconds(both(lean))} (${repository}; push ${seconds(fat.pushSeconds)} → ${seconds(lean.pushSeconds)}, pull ${seconds(fat.pullSeconds)} → ${seconds(lean.pullSeconds)})`,
  ]
}

function seconds(value: number): string {
  return value >= 90 ? `${(value / 60).toFixed(1)} min` : `${value.toFixed(1)} s`
}

function verdict(
  report: Pick<Report, 'verdict' | 'standInBases' | 'wouldProve'>,
  paint: Paint,
): string {
  if (!report.verdict) return ''
  const style = { EQUIVALENT: 'green', DIFFERENT: 'red', UNPROVEN: 'yellow' } as const
  const bases = report.standInBases ? ' (stand-in bases)' : ''
  const would = report.wouldProve.map((line) => `  to prove it: ${line}`)
  return [
    `verdict  ${paint('bold', paint(style[report.verdict], report.verdict + bases))}`,
    ...would,
  ].join('\n')
}
