import type { Rule } from '../types.ts'
import { withRecommends } from './apt-recommends.ts'
import { recommendsMuch } from './heavy-recommends.ts'

/** S5: apt installs what is recommended unless told not to. */
export const recommendsInstalled: Rule = {
  id: 'RecommendsInstalled',
  description: 'apt-get install should leave out recommended packages',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  *check(facts) {
    for (const { install, hit } of withRecommends(facts))
      if (!install.packages.some(({ name }) => recommendsMuch(name)))
        yield { ...hit, message: 'apt also installs what these packages only recommend' }
  },
}
