import type { PageData, PageStage, PageStep } from '../data.ts'
import { duration, size, visible } from '../format.ts'
import { Scroll } from '../parts/scroll.tsx'
import type { ViewProps } from './props.ts'

/** Both builds on one time axis, a lane for each stage; what came from the cache is hollow, what decided the time heavy. */
export function Build({ data }: ViewProps) {
  if (data.steps.length === 0)
    return <p class="empty">No build was recorded for this page: jettison slim records both.</p>
  const end = Math.max(0.001, ...data.steps.map(({ start, seconds }) => start + seconds))
  return (
    <>
      {(['before', 'after'] as const).map((side) => {
        const steps = data.steps.filter((step) => step.side === side)
        return steps.length === 0 ? null : (
          <Gantt
            key={side}
            side={side}
            lanes={lanesOf(steps, data, side)}
            steps={steps}
            end={end}
          />
        )
      })}
      <p class="dim">
        Measured on the machine that wrote this page. Hollow steps were found in the cache. Steps
        with ◆ are the critical path: each began when the one before it ended, and nothing beside
        them took longer. Bytes are those of the layer; those of a build stage stay there.
      </p>
    </>
  )
}

type Lane = { readonly name: string | null; readonly steps: readonly PageStep[] }

/** Steps by the stage whose lines they stand on, in the order of the file; a FROM belongs to the stage it begins. */
function lanesOf(
  steps: readonly PageStep[],
  { stages }: PageData,
  side: 'before' | 'after',
): readonly Lane[] {
  const all = stages[side]
  if (all.length < 2) return [{ name: null, steps }]
  const taken = new Set<PageStep>()
  const lanes = all.map((stage) => {
    const from = steps.find((step) => !taken.has(step) && begins(step, stage))
    if (from) taken.add(from)
    const own = steps.filter(
      ({ line }) => line !== null && line >= stage.line && line <= stage.lastLine,
    )
    for (const step of own) taken.add(step)
    return { name: stage.name, steps: from && !own.includes(from) ? [from, ...own] : own }
  })
  const rest = steps.filter((step) => !taken.has(step))
  return [...lanes, { name: 'elsewhere', steps: rest }].filter((lane) => lane.steps.length > 0)
}

function begins({ line, title }: PageStep, stage: PageStage): boolean {
  return line === null && title.split(' ')[0] === 'FROM' && title.includes(stage.from)
}

function Gantt({
  side,
  lanes,
  steps,
  end,
}: {
  readonly side: string
  readonly lanes: readonly Lane[]
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
              <th scope="col" class="wide">
                <Axis end={end} />
              </th>
              <th scope="col" class="number">
                bytes
              </th>
            </tr>
          </thead>
          {lanes.map(({ name, steps: own }, index) => (
            <tbody key={index}>
              {name !== null && (
                <tr class="lane">
                  <th scope="rowgroup" colSpan={5}>
                    {name === 'elsewhere' ? name : `stage ${visible(name)}`}
                  </th>
                </tr>
              )}
              {own.map((step, at) => (
                <Step key={at} step={step} end={end} />
              ))}
            </tbody>
          ))}
        </table>
      </Scroll>
    </section>
  )
}

function Step({ step, end }: { readonly step: PageStep; readonly end: number }) {
  return (
    <tr>
      <td class="number">
        {step.line === null ? (
          ''
        ) : (
          <a href={`#dockerfile?line=${step.side}-${step.line}`}>{step.line}</a>
        )}
      </td>
      <th scope="row" class="mono command" title={visible(step.title)}>
        {visible(step.title)}
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
  )
}

/** The one scale of both builds. */
function Axis({ end }: { readonly end: number }) {
  return (
    <span class="axis">
      <span>0</span>
      <span>{duration(end / 2)}</span>
      <span>{duration(end)}</span>
    </span>
  )
}
