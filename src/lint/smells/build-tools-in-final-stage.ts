import { isBuildOnly } from '../../shell/index.ts'
import type { Rule } from '../types.ts'
import { runsThatKeep } from './kept-by-run.ts'

/** S1: compilers and build systems in the image that runs. */
export const buildToolsInFinalStage: Rule = {
  id: 'BuildToolsInFinalStage',
  description: 'Compilers and build systems belong in a builder stage, not in the final image',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  check: (facts) =>
    runsThatKeep(
      facts,
      (name) => isBuildOnly(name) && !/-dev(?:el)?$/.test(name),
      (names, count) =>
        `${names} ${count === 1 ? 'is a build tool' : 'are build tools'} and stay${count === 1 ? 's' : ''} in the final image`,
    ),
}
