import type { PageStep } from '../data.ts'
import { duration } from '../format.ts'
import { Scroll } from '../parts/scroll.tsx'
import type { ViewProps } from './props.ts'

/** Both builds on one time axis; steps that came from the cache are hollow. */
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
        Measured on the machine that wrote this page. Hollow steps were found in the cache.
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
  return (
    <section>
      <h2>
        Build {side}{' '}
        <small>
          {duration(whole)}, {steps.length} steps, {cached} from the cache
        </small>
      </h2>
      <Scroll label={`Build ${side}`}>
        <table class="gantt">
          <caption class="hidden-text">Steps of the build {side}</caption>
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col">when</th>
              <th scope="col" class="number">
                took
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr key={index}>
                <th scope="row" class="mono command">
                  {step.title}
                </th>
                <td class="wide">
                  <div
                    class={`span ${step.outcome}`}
                    style={`margin-left:${(100 * step.start) / end}%;width:${Math.max(0.4, (100 * step.seconds) / end)}%`}
                  />
                </td>
                <td class="number">
                  {step.outcome === 'done' ? duration(step.seconds) : step.outcome}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
