import { parseShell } from '../shell/index.ts'
import type { Side } from './side.ts'

/** What the shell of a RUN was given, in BuildKit's and in Docker's older spelling; undefined for other lines. */
export function scriptOf(createdBy: string): string | undefined {
  const line = createdBy.trim()
  if (/#\(nop\)/.test(line)) return undefined
  const run = /^(?:RUN\s+|\|\d+\s|\/\S*sh\s)/.test(line)
  if (!run) return undefined
  const text = line.replace(/\s+# buildkit$/, '')
  const exec = /^RUN\s+(\[.*\])$/s.exec(text)?.[1]
  if (exec !== undefined) return wordsOf(exec)
  const shell = /(?:^|\s)\/\S*sh(?:\s+-\w+|\s+pipefail)*?\s+-\w*c\s+(.*)$/s.exec(text)
  return shell?.[1] ?? text.replace(/^RUN\s+(?:--\S+\s+)*/, '')
}

/** The lines that made the layers above the base, lowest first. */
export function linesAbove({ subject }: Side): readonly string[] {
  return subject.config.history
    .filter(({ empty_layer }) => empty_layer !== true)
    .slice(subject.baseLayers)
    .map(({ created_by }) => created_by ?? '')
}

/** Users and groups that lines above the base make by name: `useradd -r worker`, `adduser -D app`. */
export function accountsMade(side: Side): ReadonlySet<string> {
  const made = linesAbove(side)
    .flatMap((line) => parseShell(scriptOf(line) ?? '').commands)
    .filter(({ name }) => /(?:^|\/)(?:user|group)add$|(?:^|\/)add(?:user|group)$/.test(name ?? ''))
    .flatMap(({ words }) => words.slice(1).map(({ value }) => value))
  return new Set(
    made.filter((word) => word !== null && /^[A-Za-z_][\w.-]*$/.test(word)) as string[],
  )
}

function wordsOf(json: string): string | undefined {
  try {
    const words: unknown = JSON.parse(json)
    return Array.isArray(words) ? words.join(' ') : undefined
  } catch {
    return undefined
  }
}
