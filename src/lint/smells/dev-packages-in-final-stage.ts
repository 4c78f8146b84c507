import type { Rule } from '../types.ts'
import { runsThatKeep } from './kept-by-run.ts'

/** S3: headers and link libraries where the shared library is enough. */
export const devPackagesInFinalStage: Rule = {
  id: 'DevPackagesInFinalStage',
  description:
    'Development packages belong in a builder stage; the final image needs the libraries',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  check: (facts) =>
    runsThatKeep(
      facts,
      (name) => /-dev(?:el)?$/.test(name),
      (names, count) =>
        `${names} bring${count === 1 ? 's' : ''} headers and link libraries into the final image`,
    ),
}
