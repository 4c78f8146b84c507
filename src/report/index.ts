/**
 * Report: one versioned document and its renderers. In: a Report. Out: text. Renderers read the document only.
 */

export { bar, percentChange } from './bars.ts'
export {
  checkDocument,
  outlineDocument,
  renderOutline,
  renderTargets,
  targetsDocument,
} from './calls.ts'
export type * from './document.ts'
export { type GateFormat, type GateReport, gateFormats, renderGate } from './gate/index.ts'
export { renderLint, renderLintSummary } from './lint.ts'
export * from './page/index.ts'
export { noPaint, type Paint } from './paint.ts'
export { renderProof, renderText } from './text.ts'
export { defaultAssumptions, estimateTransfer } from './transfer.ts'
