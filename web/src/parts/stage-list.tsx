import type { PageCopy, PageData, PageStage } from '../data.ts'
import { size, visible } from '../format.ts'
import { type LineFacts, lineFacts } from './line-facts.ts'

/** The stages from top to bottom, as wide as they weigh, and what is carried into each, as thick as it weighs. */
export function StageList({ data }: { readonly data: PageData }) {
  const side = data.after ? 'after' : 'before'
  const facts = lineFacts(data, side)
  const stages = data.stages[side]
  if (stages.length < 2) return null
  const weights = stages.map((stage) => weightOf(stage, facts))
  const most = Math.max(1, ...weights)
  return (
    <section>
      <h2>
        Stages <small>width of a box: what the stage weighs when it is done</small>
      </h2>
      <ol class="stages">
        {stages.map((stage, index) => (
          <li key={index}>
            {stage.copies.map((copy, at) => (
              <Edge key={at} copy={copy} bytes={facts.get(copy.line)?.bytes ?? 0} most={most} />
            ))}
            <div
              class={stage.final ? 'stage final' : 'stage'}
              style={`width:${(100 * (weights[index] ?? 0)) / most}%`}
            >
              <b>
                {visible(stage.name)}
                {stage.final && ' (the image)'}
              </b>
              <span class="mono">FROM {visible(stage.from)}</span>
              <span>
                {weights[index] ? size(weights[index]) : 'not weighed: it is not in the image'}
              </span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Edge({
  copy,
  bytes,
  most,
}: {
  readonly copy: PageCopy
  readonly bytes: number
  readonly most: number
}) {
  const width = copy.mount ? 1 : Math.max(2, (48 * bytes) / most)
  return (
    <div class={copy.mount ? 'edge mount' : 'edge'} style={`border-left-width:${width}px`}>
      ↓ <span class="mono">{visible(copy.paths.join(' '))}</span> from {visible(copy.from)},{' '}
      {copy.mount ? 'mounted, nothing copied' : size(bytes)} (line {copy.line})
    </div>
  )
}

function weightOf({ line, lastLine }: PageStage, facts: LineFacts): number {
  let sum = 0
  for (const [at, { bytes }] of facts) if (at >= line && at <= lastLine) sum += bytes ?? 0
  return sum
}
