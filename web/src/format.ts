/** Decimal units, three significant digits, as Docker prints sizes, with a space for reading. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = Math.abs(bytes)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${bytes < 0 ? '−' : ''}${Number(value.toPrecision(3))} ${units[unit]}`
}

/** A change with its sign in front; nothing when there is none. */
export function change(bytes: number): string {
  return bytes === 0 ? '0 B' : bytes > 0 ? `+${size(bytes)}` : size(bytes)
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`
}

/** `0.4 s`, `41 s`, `3 min 12 s`, `5 h 3 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toPrecision(2))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes} min ${whole - minutes * 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `RUN /bin/sh -c pip install …# buildkit` as a person wrote it. */
export function command(createdBy: string): string {
  const text = createdBy
    .replace(/^\|\d+ (?:[A-Za-z_]\w*=\S* )*/, '')
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, '')
    .replace(/^(?:RUN )?\/bin\/sh -c /, 'RUN ')
    .replace(/\s*# buildkit$/, '')
    .replace(/\s+/g, ' ')
  return text === '' ? 'base layer' : visible(text)
}

/** What would turn the direction of the text around it, or cannot be seen: controls, joiners, marks of direction. */
const unseen = /(?!\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** Text of an image as text of the page: what cannot be seen, or would reorder its surroundings, as `⟨202E⟩`. */
export function visible(text: string): string {
  return text.replace(
    unseen,
    (char) => `⟨${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
}

/** A long text with its middle left out. */
export function middle(text: string, most: number): string {
  const half = Math.floor(most / 2)
  return text.length <= most ? text : `${text.slice(0, half)}…${text.slice(-half)}`
}
