import { chooseBase } from '../../bases/index.ts'
import { compiledPlan } from '../compiled/index.ts'
import type { Ecosystem } from '../types.ts'

/**
 * What no ecosystem knows: system packages that only build stay behind, and what the RUN lines made is copied as the
 * layers of the image have it.
 */
export const generic: Ecosystem = {
  name: 'generic',
  fallback: true,
  claims: ({ facts }) =>
    facts.stages.at(-1)?.instructions.some(({ run }) => run !== null)
      ? { confidence: 0.1, because: 'the Dockerfile has RUN lines' }
      : null,
  base: (input) => {
    const stage = input.facts.stages.at(-1)
    if (!stage) throw new TypeError('planned without a stage')
    return chooseBase(input, stage)
  },
  plan: (input) =>
    compiledPlan(input, {
      name: 'generic',
      what: null,
      bases: /(?!)/,
      made: () => false,
      whenRun: {
        command:
          /^(?:make|gmake|ninja|cmake|ocaml(?:build|c|opt)?|dune|ghc|stack|cabal|nim|zig|crystal|dmd|gfortran|rebar3|mix)\b/,
        advice: 'build in the Dockerfile and start the program that was built',
      },
    }),
  leftovers: [],
}
