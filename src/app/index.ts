/**
 * App: use cases, one file each, and the composition root. In: a session and options. Out: values for the CLI and the
 * library. It prints nothing.
 */

export type { SshKeys, Ulimit } from '../build/index.ts'
export { parseSize } from '../gate/index.ts'
export { type AnalyzedImage, analyzeNamed } from './analyze.ts'
export { listStandIns, makeBases } from './bases.ts'
export { type BuildOptions, build, buildInput, type InputBuildOptions } from './build.ts'
export { callTarget } from './build-call.ts'
export { type BuildInput, type InputOptions, openInput } from './build-input.ts'
export { type ImageBytes, imageBytes, type LayerBytes, layerBytes, storedBytes } from './bytes.ts'
export { parseCacheSource, parseCacheTarget } from './cache-spec.ts'
export { type Checked, type CheckOptions, check } from './check.ts'
export { checkFile } from './check-file.ts'
export { type Comparison, compare } from './compare.ts'
export { parseLimit, passed } from './compare-limit.ts'
export { containerLogs } from './container-logs.ts'
export { type RunFlags, readEnvFile, runOptions } from './containers.ts'
export { copyFiles } from './copy-files.ts'
export { describeContainer } from './describe-container.ts'
export { describeContext } from './describe-context.ts'
export { containerBytes, type DiskUse, diskUse } from './disk-use.ts'

export { type DoctorFinding, examine } from './doctor.ts'
export { explainCode } from './explain.ts'
export { type Explained, type ExplainedGroup, explainIn } from './explain-in.ts'
export { type BuildMisses, explainMisses, type MissedStep } from './explain-misses.ts'
export { atOnce, type ImageSource, lookInto } from './image-source.ts'
export { describeImage, findImage, type HistoryRow, imageHistory } from './images.ts'
export { initPolicies } from './init-policies.ts'
export { keepReport, lastReport, readReport } from './last-report.ts'
export { lint, lintAndFix } from './lint.ts'
export type { Linted, LintOptions } from './lint-file.ts'
export { type ContainerRow, listContainers } from './list-containers.ts'
export { type ImageRow, listImages } from './list-images.ts'
export { logIn, logOut } from './login.ts'
export { type Output, parseOutput, withAnnotations } from './output-spec.ts'
export { onlyPushed, takesStdout, writeOutputs } from './outputs.ts'
export { plan, rewrite } from './plan.ts'
export type { PolicyFile } from './policy-file.ts'
export { openProject, type Project } from './project.ts'
export type { ProofSide, ProveOptions } from './proof-request.ts'
export { proveImages, proveNamed } from './prove.ts'
export { pruneContainers, pruneImages, pruneStore, pruneVolumes, removeImage } from './prune.ts'
export { pullPolicy } from './pull-policy.ts'
export { type Replayed, replayProof } from './replay.ts'
export {
  type PageSubject,
  pageOfImages,
  reportPage,
  subjectOfReport,
  writePage,
} from './report-page.ts'
export { servePage } from './serve-page.ts'
export { openSession, type Session, type SessionOptions } from './session.ts'
export { type SlimOptions, slim, slimExitCode } from './slim.ts'
export { imagePlaces, nameFrom } from './source-name.ts'
export { loadImages, pull, push, saveImages, tagImage } from './transfer.ts'
export { readUserFile } from './user-file.ts'
export { describeVolume, listVolumes } from './volumes.ts'
export { writeFile } from './write-file.ts'
