/** Python: wheels are made in a builder stage and installed from there. */
export { python } from './python.ts'
