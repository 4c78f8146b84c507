/** One challenge of a `WWW-Authenticate` header. Scheme and parameter names are lower case. */
export type Challenge = { readonly scheme: string; readonly params: ReadonlyMap<string, string> }

/** RFC 9110 §11.6.1: several challenges, quoted strings with escapes. Unreadable rests are left out. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { readonly scheme: string; readonly params: Map<string, string> }[] = []
  const token = /[\s,]*([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/y
  while (token.lastIndex < header.length) {
    const match = token.exec(header)
    if (!match) break
    const [, name = '', quoted, bare] = match
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), params: new Map() })
    else challenges.at(-1)?.params.set(name.toLowerCase(), value)
  }
  return challenges
}
