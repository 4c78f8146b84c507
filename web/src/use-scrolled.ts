import { useEffect, useState } from 'preact/hooks'

/** How far the head has to be gone, in pixels: its title and figures. */
const gone = 40

/** Whether the title has scrolled away. */
export function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false)
  useEffect(() => {
    const read = (): void => setScrolled(scrollY > gone)
    addEventListener('scroll', read, { passive: true })
    return () => removeEventListener('scroll', read)
  }, [])
  return scrolled
}
