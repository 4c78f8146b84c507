/**
 * The library: open a session, then build, analyze, plan, rewrite, prove and check with it, and render what came of it
 * (docs/library.md, whose examples are a test). In: settings and options as the commands have them. Out: images,
 * documents and Faults; it prints nothing and never exits.
 */
export {
  analyzeNamed,
  type BuildOptions,
  build,
  type Checked,
  type CheckOptions,
  check,
  findImage,
  openProject,
  openSession,
  type PageSubject,
  type Project,
  type ProveOptions,
  pageOfImages,
  plan,
  proveImages as prove,
  reportPage,
  rewrite,
  type Session,
  type SessionOptions,
  type SlimOptions,
  slim,
  subjectOfReport,
} from './app/index.ts'
export { type Event, type EventSink, Fault, isFault } from './base/index.ts'
export { readSettings, type Settings } from './config/index.ts'
export {
  defaultAssumptions,
  type GateReport,
  type Report,
  renderGate,
  renderText,
} from './report/index.ts'
