import type { PageStep } from '../data.ts'
import { duration, size } from '../format.ts'
import { Scroll } from '../parts/scroll.tsx'
import type { ViewProps } from './props.ts'

/** Both builds on one time axis; steps that came from the cache are hollow, those that decided how long it took heavy. */
export function Build({ data }: ViewProps) {
  if (data.steps.length === 0)
    return <p class="empty">No build was recorded for this page: jettison slim records both.</p>
  const end = Math.max(0.001, ...data.steps.map(({ start, seconds }) => start + seconds))
  return (
    <>
      {(['before', 'after'] as const).map((side) => {
        const steps = data.steps.filter((step) => step.side === side)
        return steps.length === 0 ? null : <Gantt key={side} side={side} steps={steps} end={end} />
      })}
      <p class="dim">
        Measured on the machine that wrote this page. Hollow steps were found in the cache. Steps
        with ◆ are the critical path: each began when the one before it ended, and nothing beside
        them took longer. Bytes are those of the layer; those of a build stage stay there.
      </p>
    </>
  )
}

function Gantt({
  side,
  steps,
  end,
}: {
  readonly side: string
  readonly steps: readonly PageStep[]
  readonly end: number
}) {
  const whole = Math.max(...steps.map(({ start, seconds }) => start + seconds))
  const cached = steps.filter(({ outcome }) => outcome === 'cached').length
  const critical = steps.reduce((sum, step) => sum + (step.critical ? step.seconds : 0), 0)
  return (
    <section>
      <h2>
        Build {side}{' '}
        <small>
          {duration(whole)}, {steps.length} steps, {cached} from the cache
          {critical > 0 && `, critical path ${duration(critical)}`}
        </small>
      </h2>
      <Scroll label={`Build ${side}`}>
        <table class="gantt">
          <caption class="hidden-text">Steps of the build {side}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                line
              </th>
              <th scope="col">step</th>
              <th scope="col" class="number">
                took
              </th>
              <th scope="col">when</th>
              <th scope="col" class="number">
                bytes
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr key={index}>
                <td class="number">{step.line ?? ''}</td>
                <th scope="row" class="mono command" title={step.title}>
                  {step.title}
                </th>
                <td class="number">
                  {step.critical ? <span title="critical path">◆ </span> : null}
                  {step.outcome === 'done' ? duration(step.seconds) : step.outcome}
                </td>
                <td class="wide">
                  <div
                    class={`span ${step.outcome} ${step.critical ? 'critical' : ''}`}
                    style={`margin-left:min(${(100 * step.start) / end}%,100% - 10px);width:${(100 * step.seconds) / end}%`}
                  />
                </td>
                <td class="number">{typeof step.bytes === 'number' ? size(step.bytes) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
