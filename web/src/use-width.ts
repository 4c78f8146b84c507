import { useEffect, useRef, useState } from 'preact/hooks'

/** The width of an element in whole pixels, kept up to date; 0 until it is there. */
export function useWidth() {
  const frame = useRef<HTMLDivElement | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const { current: element } = frame
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    setWidth(Math.floor(element.clientWidth))
    return () => observer.disconnect()
  }, [])
  return [frame, width] as const
}
