/**
 * Report: one versioned document and its renderers. In: a Report. Out: text. Renderers read the document only.
 */
export type * from './document.ts'
