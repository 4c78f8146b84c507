/**
 * Lint: BuildKit's build checks and the smells of images that are fatter than they need to be. In: a Dockerfile and
 * what is known beside it (ignore file, build arguments, base images). Out: findings with ranges and edits.
 */
export { checkDockerfile } from './check.ts'
export { checks } from './checks/index.ts'
export { commentsOf, officialImage } from './facts/index.ts'
export { applySafeFixes } from './fix.ts'
export { lintDockerfile } from './lint.ts'
export { rules } from './rules.ts'
export type {
  BaseFacts,
  Finding,
  LintInput,
  LintResult,
} from './types.ts'
