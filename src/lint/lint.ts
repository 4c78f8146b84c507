import { applyRules } from './apply-rules.ts'
import { runFacts } from './facts/index.ts'
import { rules } from './rules.ts'
import type { LintInput, LintResult } from './types.ts'

/**
 * Lints one Dockerfile. Never throws for what is in it but for bad `# check` options: a file that does not parse gives
 * `errors`, and findings of the rules that need no scope.
 * @throws Fault CHECK_OPTION_INVALID
 */
export function lintDockerfile(input: LintInput): LintResult {
  return applyRules(input.rules ?? rules, input, runFacts)
}
