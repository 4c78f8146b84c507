/** Go: a program, the libraries that cgo links, and the data that it reads. */
export { go, isGoProgram } from './go.ts'
