import type { ComponentChildren } from 'preact'

/** A wide table that scrolls inside the page, by keyboard as well. */
export function Scroll({
  label,
  children,
}: {
  readonly label: string
  readonly children: ComponentChildren
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the arrow keys
    <section class="scroll" tabIndex={0} aria-label={`${label}, scrollable`}>
      {children}
    </section>
  )
}
