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

/**
 * `env_file` (compose-spec, 05-services): a path, a list of paths, or of `{path, required}`; later files win. A file
 * that is not there sets nothing: it is often made where the app is deployed.
 */
export function envFilesOf(
  value: unknown,
  read: (path: string) => string | undefined,
): readonly string[] {
  const paths = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => {
    const path = typeof one === 'string' ? one : fieldsOf(one)['path']
    return typeof path === 'string' ? [path.replace(/^\.\//, '')] : []
  })
  return paths.flatMap((path) => envLines(read(path) ?? ''))
}

/** `KEY=value` lines, with `export` and quotes as Compose reads them; what another variable would fill in is left out. */
function envLines(text: string): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (!match) return []
    const [, name = '', raw = ''] = match
    const single = /^'([^']*)'/.exec(raw)?.[1]
    const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw)?.[1]
    if (single !== undefined) return [`${name}=${single}`]
    const value = double?.replace(/\\(["\\$])/g, '$1') ?? raw.replace(/\s+#.*$/, '')
    return /\$\{?[A-Za-z_]/.test(value) ? [] : [`${name}=${value}`]
  })
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
