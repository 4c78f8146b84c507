/**
 * The library: open a session, then build, analyze, plan, rewrite, prove and check with it, and render what came of it.
 *
 * ```ts
 * const session = openSession({ settings: readSettings({}, process.env), emit: () => {}, signal, monitorCommand: [] })
 * const fat = await build(session, { context: '.', cwd: process.cwd() })
 * const planned = await plan(session, openProject(session, { context: '.', cwd: process.cwd() }), fat)
 * if (planned.kind === 'plan') console.log(rewrite(text, planned.plan))
 * ```
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
export { type GateReport, type Report, renderGate, renderText } from './report/index.ts'
