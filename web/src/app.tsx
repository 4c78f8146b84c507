import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PageData } from './data.ts'
import { visible } from './format.ts'
import { type Keyed, stateOfKey } from './keys.ts'
import { Controls } from './parts/controls.tsx'
import { Heading, ShortHeading } from './parts/heading.tsx'
import { Help } from './parts/help.tsx'
import { Method } from './parts/method.tsx'
import { PatternDefinitions } from './parts/patterns.tsx'
import { type State, useHashState, views } from './state.ts'
import { useNarrow } from './use-narrow.ts'
import { useScrolled } from './use-scrolled.ts'
import { viewComponents, viewTitles } from './views/index.ts'

export function App({ data }: { readonly data: PageData }) {
  const [state, update] = useHashState()
  const [help, setHelp] = useState(false)
  const [said, say] = useState('')
  const search = useRef<HTMLInputElement>(null)
  const narrow = useNarrow()
  const scrolled = useScrolled()
  const unified = state.unified ?? narrow
  useKeys(state, keyedOf(data, unified), (key, part) => {
    if (part) update(part)
    else if (key === 'Escape') letGo(state, help, update)
    else if (key === '?') setHelp((open) => !open)
    else if (key === '/') search.current?.focus()
    else if (key === 'y') void copyLink().then(say)
    else return false
    if (key === 'Escape') setHelp(false)
    return true
  })
  const View = viewComponents[state.view]
  const props = { data, state, update, unified }
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
          {scrolled && <ShortHeading data={data} />}
        </nav>
        <Controls {...props} search={search} help={() => setHelp(true)} />
      </header>
      <main id="main" tabIndex={-1}>
        <h1 class="hidden-text">
          {visible(data.title)}: {viewTitles[state.view]}
        </h1>
        <View key={state.view} {...props} />
      </main>
      <footer>
        <details>
          <summary>Method</summary>
          <Method data={data} />
        </details>
      </footer>
      <p role="status" class={said === '' ? 'hidden-text' : 'said'}>
        {said}
      </p>
      {help && <Help close={() => setHelp(false)} />}
    </>
  )
}

function keyedOf({ before, after }: PageData, unified: boolean): Keyed {
  const layers = { before: before.layers.length, after: after?.layers.length ?? 0 }
  return { layers, twoSided: after !== null, unified }
}

/** What is selected is let go one by one, the last first. */
function letGo(state: State, help: boolean, update: (part: Partial<State>) => void): void {
  if (help) return
  if (state.selected !== null) update({ selected: null })
  else if (state.line !== null) update({ line: null })
  else if (state.layer !== null) update({ layer: null })
  else if (state.search !== '') update({ search: '' })
  else if (state.view === 'files') {
    const up = stateOfKey('Backspace', state, noKeys)
    if (up) update(up)
  }
}

const noKeys: Keyed = { layers: { before: 0, after: 0 }, twoSided: false, unified: false }

/** @param act told the key and what it changes of the state; says whether it meant anything */
function useKeys(
  state: State,
  keyed: Keyed,
  act: (key: string, part: Partial<State> | null) => boolean,
): void {
  // Before the next key, which an effect after the next paint may come too late for.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event
      const typing =
        target instanceof HTMLInputElement && (target.type === 'search' || target.type === 'number')
      if (key === 'Escape' && typing) target.blur()
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
      if (act(key, stateOfKey(key, state, keyed))) event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}

/** A page from disk may not be let near the clipboard: then the address bar has the link. */
async function copyLink(): Promise<string> {
  try {
    await navigator.clipboard.writeText(location.href)
    return 'The link to this place is copied.'
  } catch {
    return 'The link to this place is in the address bar; the clipboard is out of reach.'
  }
}
