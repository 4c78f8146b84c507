import type { LintFacts } from '../facts/index.ts'
import type { Hit } from '../types.ts'
import { finalRuns, keptPackages, listed } from './final-image.ts'

/** One hit for each RUN of the final image that leaves packages for which `matches` holds. */
export function* runsThatKeep(
  facts: LintFacts,
  matches: (name: string) => boolean,
  message: (names: string, count: number) => string,
): Iterable<Hit> {
  for (const { run } of finalRuns(facts)) {
    const kept = keptPackages(run).filter(({ name }) => matches(name))
    const [first] = kept
    if (!first) continue
    const names = [...new Set(kept.map(({ name }) => name))]
    yield {
      message: message(listed(names), names.length),
      instruction: run.instruction,
      range: run.place(first.at.word.range),
    }
  }
}
