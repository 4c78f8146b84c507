/** Tools: what builds software or is left over from building. In: a tree and its packages. Out: build tools. */
export { buildTools } from './build-tools.ts'
export { cacheOf, type Sign, signOf } from './signs.ts'
