import type { Diagnostic } from '../base/index.ts'
import { type Instruction, parseDockerfile } from '../dockerfile/index.ts'
import { gatherFacts, type LintFacts, type RunReader } from './facts/index.ts'
import { type CheckOptions, fileOptions, instructionOptions, speaks } from './options.ts'
import type { Finding, Hit, Lines, LintInput, LintResult, Rule } from './types.ts'

/** What `lintDockerfile` says of some rules. @throws Fault CHECK_OPTION_INVALID */
export function applyRules(
  rules: readonly Rule[],
  input: LintInput,
  readRun: RunReader,
): LintResult {
  const { value: dockerfile, diagnostics } = parseDockerfile(input.source.text)
  const options = fileOptions(input.source, dockerfile, input.args?.['BUILDKIT_DOCKERFILE_CHECK'])
  const broken = diagnostics.filter(({ severity }) => severity === 'error')
  const facts = gatherFacts(dockerfile, input, readRun)
  const errors: readonly Diagnostic[] = broken.length > 0 ? broken : facts.problems
  const lineAt = lineIndex(dockerfile.text)
  const findings = rules
    .filter((rule) => rule.needs === 'text' || broken.length === 0)
    .flatMap((rule) =>
      [...rule.check(facts)]
        .filter((hit) => isHeard(facts, rule, hit, options))
        .map((hit) => findingOf(rule, hit, lineAt)),
    )
    // Stable: on one line the order of the rules stays.
    .sort((a, b) => a.lines.start - b.lines.start)
  return { findings, errors, returnAsError: options.error }
}

function isHeard(facts: LintFacts, rule: Rule, hit: Hit, options: CheckOptions): boolean {
  const owner: Instruction | null = hit.silencedBy === undefined ? hit.instruction : hit.silencedBy
  const own = owner ? [instructionOptions(facts.comments.get(owner) ?? [])] : []
  return speaks(rule, [options, ...own])
}

function findingOf(rule: Rule, hit: Hit, lineAt: (offset: number) => number): Finding {
  const { id, description, url, severity } = rule
  const { start, end } = hit.instruction.range
  const range = hit.range ?? hit.instruction.range
  // BuildKit shows whole instructions; in a long RUN the command at fault says more.
  const shown = rule.origin === 'buildkit' ? { start, end } : range
  const lines: Lines = hit.lines ?? { start: lineAt(shown.start), end: lineAt(shown.end) }
  return {
    ...{ rule: id, description, url, severity, message: hit.message },
    ...{ range, lines, fix: hit.fix ?? null },
  }
}

/** 1-based line of an offset. */
function lineIndex(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
