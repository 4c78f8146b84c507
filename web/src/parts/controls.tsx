import { colours, metrics, type State, type View } from '../state.ts'
import type { ViewProps } from '../views/props.ts'

/** Which views each control says something to; the keys work everywhere. */
const where: Readonly<
  Record<'side' | 'metric' | 'colour' | 'patterns' | 'search', readonly View[]>
> = {
  side: ['dockerfile', 'layers', 'files'],
  metric: ['overview', 'layers'],
  colour: ['files'],
  patterns: ['overview', 'layers', 'files', 'packages', 'ballast'],
  search: ['files', 'packages'],
}

/** What is chosen for the view that is shown. */
export function Controls({
  data,
  state,
  update,
  search,
  help,
}: ViewProps & {
  readonly search: { current: HTMLInputElement | null }
  readonly help: () => void
}) {
  const shown = (control: keyof typeof where): boolean => where[control].includes(state.view)
  const known = colours.filter((one) => one !== 'change' || data.after !== null)
  return (
    <div class="controls">
      {data.after && shown('side') && (
        <Choice
          name="side"
          all={['both', 'before', 'after']}
          chosen={state.side}
          choose={(side) => update({ side })}
        />
      )}
      {shown('metric') && (
        <Choice
          name="metric"
          title="bytes"
          all={metrics}
          chosen={state.metric}
          choose={(metric) => update({ metric })}
        />
      )}
      {shown('colour') && (
        <Choice
          name="colour"
          all={known}
          chosen={state.colour}
          choose={(colour) => update({ colour })}
        />
      )}
      {shown('patterns') && (
        <label>
          <input
            type="checkbox"
            checked={state.patterns}
            onChange={() => update({ patterns: !state.patterns })}
          />{' '}
          patterns
        </label>
      )}
      <label class="search">
        search{' '}
        <input
          type="search"
          ref={search}
          value={state.search}
          placeholder="file or package"
          onInput={(event) => {
            const text = event.currentTarget.value
            update({ search: text, ...(shown('search') ? {} : { view: 'files' }) })
          }}
        />
      </label>
      {state.layer && (
        <button type="button" onClick={() => update({ layer: null })}>
          {layerName(state)} only ✕
        </button>
      )}
      <button type="button" onClick={help}>
        ? keys
      </button>
    </div>
  )
}

function layerName({ layer }: State): string {
  return layer === null ? '' : `layer ${layer.index + 1} ${layer.side}`
}

function Choice<T extends string>({
  name,
  title = name,
  all,
  chosen,
  choose,
}: {
  readonly name: string
  readonly title?: string
  readonly all: readonly T[]
  readonly chosen: T
  readonly choose: (one: T) => void
}) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {all.map((one) => (
        <label key={one}>
          <input type="radio" name={name} checked={chosen === one} onChange={() => choose(one)} />{' '}
          {one}
        </label>
      ))}
    </fieldset>
  )
}
