/** BuildKit's behaviours as data: input and outcome, in our own words. */
import { addCases } from './add.ts'
import { argCases } from './args.ts'
import { configCases } from './config.ts'
import { contextCases } from './contexts.ts'
import { copyCases } from './copy.ts'
import { edgeCases } from './edges.ts'
import { filterCases } from './filter.ts'
import { remoteCases } from './remote.ts'
import { rights } from './rights.ts'
import { runCases } from './run-steps.ts'
import { stageCases } from './stages.ts'
import type { Case } from './types.ts'

export { type CaseResult, runCase } from './run.ts'
export type { Case } from './types.ts'

export const cases: readonly Case[] = [
  ...copyCases,
  ...filterCases,
  ...addCases,
  ...remoteCases,
  ...contextCases,
  ...argCases,
  ...stageCases,
  ...runCases,
  ...rights,
  ...configCases,
  ...edgeCases,
]
