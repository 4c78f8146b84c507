import { applyRules } from './apply-rules.ts'
import { checks } from './checks/index.ts'
import type { LintInput, LintResult } from './types.ts'

/**
 * BuildKit's build checks alone, as every build makes them: none of them reads the commands of a RUN, so the parser of
 * the shell stays unloaded. @throws Fault CHECK_OPTION_INVALID
 */
export function checkDockerfile(input: Omit<LintInput, 'rules'>): LintResult {
  return applyRules(checks, input, () => null)
}
