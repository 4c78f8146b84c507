import type { ShellCommand } from '../../shell/index.ts'
import type { InstructionFacts, RunFacts } from '../facts/index.ts'
import type { Rule } from '../types.ts'
import { argumentsOf, finalRuns, programOf } from './final-image.ts'

/** S7: test runners, linters and bundlers in the image that runs. */
export const devDependenciesInFinalStage: Rule = {
  id: 'DevDependenciesInFinalStage',
  description: 'Dependencies for development and tests do not belong in the final image',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { run, facts: around } of finalRuns(facts)) {
      for (const command of run.script.commands) {
        const message = judge(command, run, around)
        if (message === null) continue
        yield { message, instruction: run.instruction, range: run.place(command.range) }
      }
    }
  },
}

function judge(command: ShellCommand, run: RunFacts, { env }: InstructionFacts): string | null {
  const args = argumentsOf(command)
  const has = (...options: readonly string[]): boolean =>
    args.some((word) => options.some((option) => word === option || word.startsWith(`${option}=`)))
  const operands = args.filter((word) => !word.startsWith('-'))
  const [action] = operands
  switch (programOf(command)) {
    case 'npm': {
      const all =
        action === 'ci' || (['install', 'i'].includes(action ?? '') && operands.length === 1)
      const production =
        env.get('NODE_ENV') === 'production' ||
        has('--omit', '--production', '--only', '--global', '-g')
      const pruned = /\bnpm prune\b[^\n;&|]*(?:--production|--omit)/.test(run.script.text)
      return all && !production && !pruned
        ? `npm ${action} without --omit=dev also installs devDependencies`
        : null
    }
    case 'composer':
      return action === 'install' && !has('--no-dev') && env.get('COMPOSER_NO_DEV') !== '1'
        ? 'composer install without --no-dev also installs require-dev'
        : null
    case 'poetry':
      return action === 'install' && !has('--only', '--without', '--no-dev', '--only-root')
        ? 'poetry install without --only main also installs the development groups'
        : null
    case 'pipenv':
      return has('--dev', '-d') ? 'pipenv --dev installs the development packages' : null
    case 'uv':
      return action === 'sync' && !has('--no-dev', '--no-default-groups', '--only-group')
        ? 'uv sync without --no-dev also installs the dev group'
        : null
    case 'bundle':
      return action === 'install' &&
        !env.has('BUNDLE_WITHOUT') &&
        !has('--without') &&
        !/bundle config[^\n]*without/.test(run.script.text)
        ? 'bundle install without BUNDLE_WITHOUT also installs the development and test groups'
        : null
    default:
      return pipLists(command, run)
  }
}

/** `pip install -r requirements-dev.txt`, `pip install .[test]`. */
function pipLists(command: ShellCommand, run: RunFacts): string | null {
  const pip = run.packages.find((one) => one.command === command && one.manager === 'pip')
  if (pip?.action !== 'install') return null
  const list = pip.lists.find(({ file }) =>
    /(?:^|[-_./])(?:dev|test|tests|lint)(?:[-_.]|$)/.test(file.value ?? ''),
  )
  if (list) return `${list.file.value} is for development`
  const extra = argumentsOf(command).find((word) =>
    /\[[^\]]*\b(?:dev|tests?|lint)\b[^\]]*\]/.test(word),
  )
  return extra === undefined ? null : `${extra} asks for development extras`
}
