import { Fault, type Range, type Source } from '../base/index.ts'
import type { Dockerfile } from '../dockerfile/index.ts'

/** `skip=A,B;error=true;experimental=C` of a `# check` directive, a comment or BUILDKIT_DOCKERFILE_CHECK. */
export type CheckOptions = {
  readonly skip: ReadonlySet<string> | 'all'
  readonly experimental: ReadonlySet<string> | 'all'
  readonly error: boolean
}

const none: CheckOptions = { skip: new Set(), experimental: new Set(), error: false }

/** The options or what is wrong with them, in BuildKit's words. At most three parts, as BuildKit splits. */
export function parseCheckOptions(
  text: string,
): { readonly options: CheckOptions } | { readonly problem: string } {
  if (text.trim() === '') return { options: none }
  const pieces = text.trim().split(';')
  const parts = [...pieces.slice(0, 2), ...(pieces.length > 2 ? [pieces.slice(2).join(';')] : [])]
  let options = none
  for (const part of parts) {
    const at = part.indexOf('=')
    if (at < 0) return { problem: `invalid check option ${JSON.stringify(part)}` }
    const key = part.slice(0, at).trim()
    const value = part.slice(at + 1).trim()
    if (key === 'skip' || key === 'experimental') options = { ...options, [key]: names(value) }
    else if (key === 'error') {
      const flag = booleanOf(value)
      if (flag === undefined)
        return { problem: `failed to parse check option ${JSON.stringify(part)}` }
      options = { ...options, error: flag }
    } else return { problem: `invalid check option ${JSON.stringify(key)}` }
  }
  return { options }
}

/**
 * The options of a whole file: `given` (BUILDKIT_DOCKERFILE_CHECK) replaces the directive.
 * @throws Fault CHECK_OPTION_INVALID
 */
export function fileOptions(
  source: Source,
  dockerfile: Dockerfile,
  given: string | undefined,
): CheckOptions {
  const directive = dockerfile.directives.find(({ name }) => name === 'check')
  const text = given ?? directive?.value.split(' ', 1)[0] ?? ''
  const parsed = parseCheckOptions(text)
  if ('options' in parsed) return parsed.options
  const range: Range | undefined = given === undefined ? directive?.range : undefined
  throw new Fault(
    'CHECK_OPTION_INVALID',
    given === undefined
      ? `failed to parse check options: ${parsed.problem}`
      : `failed to parse BUILDKIT_DOCKERFILE_CHECK: ${parsed.problem}`,
    {
      kind: 'invalid',
      hint: 'Write skip=Rule,Rule;error=true;experimental=Rule.',
      at: range ? { source, range } : undefined,
    },
  )
}

/** What a `# check=…` comment above an instruction adds; the first one counts and a bad one counts for nothing. */
export function instructionOptions(comments: readonly string[]): CheckOptions {
  for (const comment of comments) {
    const match = /^check\s*=\s*(\S+)/i.exec(comment)
    if (!match) continue
    const parsed = parseCheckOptions(match[1] ?? '')
    return 'options' in parsed ? parsed.options : none
  }
  return none
}

/** Whether a rule speaks under all of these options. An experimental rule must be asked for and is never skipped. */
export function speaks(
  rule: { readonly id: string; readonly experimental?: true },
  options: readonly CheckOptions[],
): boolean {
  const named = (set: ReadonlySet<string> | 'all'): boolean => set === 'all' || set.has(rule.id)
  return rule.experimental
    ? options.some(({ experimental }) => named(experimental))
    : !options.some(({ skip }) => named(skip))
}

function names(value: string): ReadonlySet<string> | 'all' {
  return value === 'all' ? 'all' : new Set(value.split(',').map((name) => name.trim()))
}

/** Go's strconv.ParseBool. */
function booleanOf(value: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value) ? false : undefined
}
