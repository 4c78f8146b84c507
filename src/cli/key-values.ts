/** `NAME=VALUE` flags; `NAME` alone takes its value from the environment and is left out when unset, as Docker does. */
export function keyValues(
  list: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    list.flatMap((text) => {
      const at = text.indexOf('=')
      if (at >= 0) return [[text.slice(0, at), text.slice(at + 1)]]
      const value = env[text]
      return value === undefined ? [] : [[text, value]]
    }),
  )
}

/** The same as `NAME=VALUE` texts; a name that is given twice has its last value. */
export function environmentOf(
  list: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.entries(keyValues(list, env)).map((pair) => pair.join('='))
}
