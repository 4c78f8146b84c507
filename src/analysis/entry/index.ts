/** Entry: what an image starts. In: a configuration and a tree. Out: programs, their interpreters and files. */
export { findProgram } from './find-program.ts'
export { executablesOf, type StartedProgram } from './programs.ts'
export { type ScriptInterpreter, scriptInterpreter } from './script.ts'
export type { Word } from './wrappers.ts'
