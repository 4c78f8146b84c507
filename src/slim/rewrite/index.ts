/** Rewrite: a plan printed as a Dockerfile, by edits of the text it came from. */
export { lineBreakOf, rewriteDockerfile } from './rewrite-dockerfile.ts'
export {
  editedSlice,
  leavesNothing,
  mountEdit,
  withoutCommands,
  withoutFlags,
} from './run-edits.ts'
