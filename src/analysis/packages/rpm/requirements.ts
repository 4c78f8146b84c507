const conditions = /\s(?:if|unless|without)\s/
const comparison = /\s(?:[<>]=?|=)\s+[^\s()]+/g

/**
 * Clauses of alternatives for what a header requires: `libc.so.6()(64bit)`, `/bin/sh`, or a boolean expression,
 * `(a >= 2 or b)` (rpm's docs/manual/boolean_dependencies.md). What a condition asks for is taken as required: where
 * the condition does not hold, it is not installed. Features of rpm itself (`rpmlib(...)`) are left out.
 */
export function requirements(words: readonly string[]): readonly (readonly string[])[] {
  return words
    .filter((word) => !word.startsWith('rpmlib('))
    .flatMap((word) => (word.startsWith('(') ? expression(word) : [[word]]))
}

function expression(text: string): readonly (readonly string[])[] {
  const [wanted = ''] = text.replace(comparison, '').split(conditions)
  const either = wanted.split(/\sor\s/).map(operand)
  if (either.length > 1) return [either.filter(Boolean)]
  return wanted
    .split(/\s(?:and|with)\s/)
    .map(operand)
    .filter(Boolean)
    .map((name) => [name])
}

/** A name without the parentheses of the expression; those of its own, `libc.so.6()(64bit)`, are in pairs. */
function operand(text: string): string {
  let name = text.trim().replace(/^\(+/, '')
  const count = (sign: string): number => name.split(sign).length - 1
  while (name.endsWith(')') && count(')') > count('(')) name = name.slice(0, -1)
  return name
}
