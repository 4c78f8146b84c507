import { readElfAt } from '../../../analysis/index.ts'
import { compiledEcosystem } from '../compiled/index.ts'
import { isGoProgram } from '../go/index.ts'
import { isRustProgram } from '../rust/index.ts'
import type { Ecosystem } from '../types.ts'

/** C and C++ with make, CMake, Meson or the autotools: programs, their own libraries, what was installed with them. */
export const c: Ecosystem = compiledEcosystem({
  name: 'c',
  what: 'C and C++',
  bases: /^(?:gcc|buildpack-deps)$/,
  made: (tree, path) =>
    readElfAt(tree, path) !== undefined && !isGoProgram(tree, path) && !isRustProgram(tree, path),
  whenRun: {
    command: /^(?:make|gmake|ninja|cmake|gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?|tcc)\b/,
    advice: 'build in the Dockerfile and start the program that was built',
  },
})
