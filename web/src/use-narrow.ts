import { useEffect, useState } from 'preact/hooks'

/** Whether the window is as narrow as a phone; the same width as in the style sheet. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => query().matches)
  useEffect(() => {
    const list = query()
    const read = (): void => setNarrow(list.matches)
    list.addEventListener('change', read)
    return () => list.removeEventListener('change', read)
  }, [])
  return narrow
}

function query(): MediaQueryList {
  return matchMedia('(max-width: 700px)')
}
