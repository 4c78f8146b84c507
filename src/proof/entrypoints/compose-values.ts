import { wordsOf } from './words.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A command of a Compose file, as text or as words. */
export function argvOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) return value.map((word) => unescaped(String(word)))
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return wordsOf(unescaped(value)) ?? ['/bin/sh', '-c', unescaped(value)]
}

/** `healthcheck.test`: a text for the shell, `[CMD, …]` or `[CMD-SHELL, …]`; undefined for NONE. */
export function testOf(test: unknown): readonly string[] | undefined {
  const argv = Array.isArray(test) ? test.map(String) : []
  const [form, ...rest] = argv
  const text = typeof test === 'string' ? test : form === 'CMD-SHELL' ? rest.join(' ') : undefined
  if (text !== undefined) return ['/bin/sh', '-c', unescaped(text)]
  return form === 'CMD' && rest.length > 0 ? rest.map(unescaped) : undefined
}

/** `KEY: value` and `- KEY=value`; a value that Compose would take from the caller is left out. */
export function environmentOf(value: unknown): readonly string[] {
  const pairs = Array.isArray(value)
    ? value.map(String)
    : Object.entries(fieldsOf(value)).flatMap(([name, one]) =>
        one === null || typeof one === 'object' ? [] : [`${name}=${String(one)}`],
      )
  return pairs
    .filter((pair) => /^[A-Za-z_]\w*=/.test(pair) && !/(?<!\$)\$\{?[A-Za-z_]/.test(pair))
    .map(unescaped)
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}

/** Compose writes `$$` for a dollar that it is not to expand. */
function unescaped(text: string): string {
  return text.replaceAll('$$', '$')
}
