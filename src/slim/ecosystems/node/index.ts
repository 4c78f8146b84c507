/** Node: packages are installed and built in a builder stage, without development dependencies in the end. */
export { node } from './node.ts'
