import { executablesOf } from '../../../analysis/index.ts'
import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import type { Recipe, Role } from '../../split/index.ts'
import type { PlanInput } from '../../types.ts'
import type { PythonEvidence } from './evidence.ts'

const tools =
  /^(?:node|nodejs|npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack|bun|deno|esbuild|vite|webpack|tsc|sass)$/

/** Packages of Debian, Alpine and NodeSource that bring them. */
const packages = /^(?:nodejs|npm|yarn|yarnpkg|nodejs-current|node-sass)$/

/**
 * A JavaScript build within a Python app: its tools are the builder's, and so are their packages, unless the image or
 * the app's own sources start one of them.
 */
export function frontEndRecipe(
  { facts, fatTree: tree }: PlanInput,
  { sources }: PythonEvidence,
  role: (command: RunCommand, at: InstructionFacts) => Role | null,
): Required<Pick<Recipe, 'role' | 'buildOnly'>> {
  const started = executablesOf(facts.config, tree).some(({ name }) =>
    tools.test(name.slice(name.lastIndexOf('/') + 1)),
  )
  const called = sources.some((path) =>
    /["'](?:node|nodejs|npm|npx)["'\s]/.test(new TextDecoder().decode(tree.read(path))),
  )
  return {
    role: (command, at) =>
      command.inner.length === 0 && tools.test(command.name) ? { kind: 'tool' } : role(command, at),
    buildOnly: (name) => packages.test(name) && !started && !called,
  }
}
