import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageData } from './data.ts'
import { percent, size } from './format.ts'
import { keyHelp, stateOfKey } from './keys.ts'
import { PatternDefinitions } from './parts/patterns.tsx'
import { type State, useHashState, views } from './state.ts'
import { viewComponents, viewTitles } from './views/index.ts'

export function App({ data }: { readonly data: PageData }) {
  const [state, update] = useHashState()
  const [help, setHelp] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const shown = data.after && state.side === 'after' ? data.after : data.before
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event
      const typing =
        target instanceof HTMLInputElement && (target.type === 'search' || target.type === 'number')
      if (key === 'Escape' && typing) target.blur()
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
      if (key === 'Escape') setHelp(false)
      else if (key === '?') setHelp((open) => !open)
      else if (key === '/') search.current?.focus()
      else if (key === 'y') void navigator.clipboard?.writeText(location.href)
      else {
        const part = stateOfKey(key, state, shown.layers.length, data.after !== null)
        if (!part) return
        update(part)
      }
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  const View = viewComponents[state.view]
  return (
    <>
      <PatternDefinitions />
      <header>
        <Heading data={data} />
        <nav aria-label="Views" class="tabs">
          {views.map((view, index) => (
            <a
              key={view}
              href={`#${view}`}
              aria-current={state.view === view ? 'page' : undefined}
              onClick={(event) => {
                event.preventDefault()
                update({ view })
              }}
            >
              <kbd>{index + 1}</kbd> {viewTitles[view]}
            </a>
          ))}
        </nav>
        <Controls
          data={data}
          state={state}
          update={update}
          search={search}
          help={() => setHelp(true)}
        />
      </header>
      <main id="main" tabIndex={-1}>
        <h1 class="hidden-text">
          {data.title}: {viewTitles[state.view]}
        </h1>
        <View data={data} state={state} update={update} />
      </main>
      <footer>
        <details>
          <summary>Method</summary>
          <Method data={data} />
        </details>
      </footer>
      {help && <Help close={() => setHelp(false)} />}
    </>
  )
}

function Heading({ data }: { readonly data: PageData }) {
  const { before, after, report } = data
  const passed = report?.acceptance.filter(({ pass }) => pass).length ?? 0
  return (
    <div class="heading">
      <p class="title">
        {data.title} {after && <span class="dim">before → after</span>}
      </p>
      <dl class="figures">
        <div>
          <dt>{after ? 'before' : 'size'}</dt>
          <dd>{size(before.size)}</dd>
        </div>
        {after && (
          <>
            <div>
              <dt>after</dt>
              <dd>{size(after.size)}</dd>
            </div>
            <div>
              <dt>
                {after.size <= before.size
                  ? `−${size(before.size - after.size)}`
                  : `+${size(after.size - before.size)}`}
              </dt>
              <dd>
                {after.size <= before.size ? '−' : '+'}
                {percent(Math.abs(before.size - after.size), before.size)}
              </dd>
            </div>
          </>
        )}
        {report && report.acceptance.length > 0 && (
          <div>
            <dt>checks pass</dt>
            <dd>
              {passed} / {report.acceptance.length}
            </dd>
          </div>
        )}
        {report && (
          <div>
            <dt>proof{report.standInBases ? ' (stand-in bases)' : ''}</dt>
            <dd class={`verdict ${(report.verdict ?? 'refused').toLowerCase()}`}>
              {report.verdict ?? 'refused'}
            </dd>
          </div>
        )}
      </dl>
    </div>
  )
}

function Controls({
  data,
  state,
  update,
  search,
  help,
}: {
  readonly data: PageData
  readonly state: State
  readonly update: (part: Partial<State>) => void
  readonly search: { current: HTMLInputElement | null }
  readonly help: () => void
}) {
  return (
    <div class="controls">
      {data.after && (
        <fieldset>
          <legend>side</legend>
          {(['both', 'before', 'after'] as const).map((side) => (
            <label key={side}>
              <input
                type="radio"
                name="side"
                checked={state.side === side}
                onChange={() => update({ side })}
              />{' '}
              {side}
            </label>
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend>colour</legend>
        {(['category', 'layer'] as const).map((colour) => (
          <label key={colour}>
            <input
              type="radio"
              name="colour"
              checked={state.colour === colour}
              onChange={() => update({ colour })}
            />{' '}
            {colour}
          </label>
        ))}
      </fieldset>
      <label>
        <input
          type="checkbox"
          checked={state.patterns}
          onChange={() => update({ patterns: !state.patterns })}
        />{' '}
        patterns
      </label>
      <label class="search">
        search{' '}
        <input
          type="search"
          ref={search}
          value={state.search}
          placeholder="file or package"
          onInput={(event) => update({ search: event.currentTarget.value })}
        />
      </label>
      <button type="button" onClick={help}>
        ? keys
      </button>
    </div>
  )
}

function Help({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} onClose={close} aria-label="Keyboard">
      <h2>Keyboard</h2>
      <dl class="keys">
        {keyHelp.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

function Method({ data }: { readonly data: PageData }) {
  const images = [data.before, ...(data.after ? [data.after] : [])]
  return (
    <>
      <p>
        Sizes are the uncompressed sums of the layers in decimal units. Every regular file of the
        merged tree is in exactly one category, hard links counted once; what a later layer
        overwrites or deletes is counted apart. Folders are folded where their files are below 0.01
        % of the image, by category, so that sums stay exact. Compressed sizes were not measured
        unless shown.
      </p>
      <ul>
        {images.map((image) => (
          <li key={image.id} class="mono">
            {image.reference} {image.id}
          </li>
        ))}
      </ul>
      <p>Written by jettison {data.writer}. This file loads nothing from anywhere.</p>
    </>
  )
}
