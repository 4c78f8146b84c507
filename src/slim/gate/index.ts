/** Gate: the benefit gate. It refuses where a split would not help or could not keep the app alive. */
export { refuseCompiler } from './compiler.ts'
export { estimateOf, refuseSmallGain } from './gain.ts'
export { refuseUnprovable } from './provable.ts'
export { refuseLean, refuseStages } from './stages.ts'
