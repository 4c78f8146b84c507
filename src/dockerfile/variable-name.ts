const digits = /\p{Nd}+/uy
const letters = /[\p{L}\p{Nd}_]+/uy

/**
 * The variable name that starts at `at`: a name, a positional parameter (all digits of it) or one of the special
 * parameters; empty when there is none.
 */
export function variableNameAt(text: string, at: number): string {
  for (const pattern of [digits, letters]) {
    pattern.lastIndex = at
    const name = pattern.exec(text)?.[0]
    if (name !== undefined) return name
  }
  const first = text[at]
  return first !== undefined && '@*#?-$!'.includes(first) ? first : ''
}
