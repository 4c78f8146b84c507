/**
 * Shell: the commands inside a RUN, with ranges. In: a script. Out: simple commands, package-manager calls, diagnostics;
 * never throws. The parser behind it is unbash, which nothing outside this folder sees.
 */
export { isBuildOnly, isForPeople } from './build-packages.ts'
export { type PackageCommand, type PackageWord, packageCommands } from './packages.ts'
export { parseShell } from './parse.ts'
export type * from './types.ts'
