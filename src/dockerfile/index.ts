/**
 * Dockerfile: lossless text ⇄ tree, words, expansion, edits. In: text. Out: values and diagnostics; never throws.
 */

export { type DeviceFlag, parseDeviceFlag } from './device.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { applyEdits, printDockerfile } from './edits.ts'
export {
  type ExpandOptions,
  type Expansion,
  expandHeredoc,
  expandWord,
  expandWords,
  type WordsExpansion,
} from './expand.ts'
export { type HeredocMark, parseHeredocWord } from './heredoc.ts'
export type { Lookup } from './lexer.ts'
export { type MountFlag, type MountParsed, parseMountFlag } from './mount.ts'
export { parseDockerfile, parseTrigger } from './parse.ts'
export { type RunBody, runBody, soleHeredoc } from './run-body.ts'
export { stagesOf } from './stages.ts'
export type * from './types.ts'
