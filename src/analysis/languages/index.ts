/**
 * Languages: what the package managers of eight languages recorded about an image. In: a tree, a configuration. Out:
 * packages, and for each of their files whether the app, its build or its developers need it.
 */
export { languageFacts } from './facts.ts'
export type { LanguageFact, LanguageFacts } from './types.ts'
