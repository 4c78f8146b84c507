import { checks } from './checks/index.ts'
import { smells } from './smells/index.ts'
import type { Rule } from './types.ts'

/** The registry: every rule has a line here, by way of its folder's list, and a page in docs/rules. */
export const rules: readonly Rule[] = [...checks, ...smells]
