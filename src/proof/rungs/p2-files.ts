import {
  compareAccounts,
  compareAppFiles,
  danglingLinks,
  isAppEntry,
  missingCalls,
  missingCompiledCalls,
  missingData,
  missingEnvironmentPaths,
  missingNamedPaths,
  missingOpenedFiles,
  missingPathTargets,
  missingPerlModules,
  missingPrograms,
  missingShebangs,
  missingVariablePrograms,
} from '../files/index.ts'
import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import type { Observation } from '../session/index.ts'
import { type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'

/** P2: every file of the app is in lean as it is in fat, and everything that files and settings point at exists. */
export const filesRung: Rung = {
  id: 'P2',
  title: 'File closure',
  runs: false,
  examine: examineFiles,
  afterRun: withOpenedFiles,
}

function examineFiles({ fat, lean }: RungInput): Finding {
  const files = compareAppFiles(fat, lean)
  const programs = missingPrograms(fat, lean)
  const checks = [
    files,
    compareAccounts(fat, lean, ownersIn(fat)),
    danglingLinks(fat, lean),
    missingShebangs(fat, lean),
    missingPathTargets(fat, lean),
    programs,
    missingCalls(fat, lean),
    missingVariablePrograms(fat, lean),
    missingCompiledCalls(fat, lean),
    missingEnvironmentPaths(fat, lean),
    missingNamedPaths(fat, lean),
    missingPerlModules(fat, lean),
    missingData(fat, lean),
    missingWorkDir(fat, lean),
  ]
  const failures = checks.flatMap((check) => check.failures)
  const explained = [...files.explained].map(
    ([why, times]): Evidence => ({ message: `${count(times, 'difference')} explained: ${why}` }),
  )
  return verdictOf({
    // Data and accounts are there whatever the app is: the app's own files and programs are what counts.
    examined: files.examined + programs.examined,
    failures,
    notes: [...programs.notes, ...explained],
    passed: `${count(files.examined, 'file')} of the app equal, ${count(programs.examined, 'program')} found`,
    failed: `${failures.length} missing or different: ${failures[0]?.path ?? failures[0]?.subject ?? ''}`,
    nothing: 'no file above the base belongs to the app, and the image starts no program',
  })
}

/** Static evidence finds what files say; the run of fat shows what it really opened. */
function withOpenedFiles(finding: Finding, { fat, lean }: RungInput, seen: Observation): Finding {
  const { opened } = seen
  if ('reason' in opened)
    return withNotExercised(finding, `P2: what fat opens was not watched: ${opened.reason}`)
  const check = missingOpenedFiles(fat, lean, opened.files)
  const known = new Set(finding.evidence.map(({ path }) => path))
  const failures = check.failures.filter(({ path }) => !known.has(path))
  const evidence = [...failures, ...finding.evidence, ...check.notes]
  const failed = failures.length > 0
  return {
    ...finding,
    status: failed ? 'fail' : finding.status,
    summary:
      failed && finding.status !== 'fail'
        ? `${count(failures.length, 'file')} that fat opens missing: ${failures[0]?.path ?? ''}`
        : finding.status === 'pass'
          ? `${finding.summary}; ${count(check.examined, 'file')} that fat opens are there`
          : finding.summary,
    evidence,
    examined: finding.examined + check.examined,
  }
}

function withNotExercised(finding: Finding, line: string): Finding {
  return { ...finding, notExercised: [...(finding.notExercised ?? []), line] }
}

function ownersIn(fat: Side): {
  readonly uids: ReadonlySet<number>
  readonly gids: ReadonlySet<number>
} {
  const app = fat.ownEntries().filter((entry) => isAppEntry(entry, fat))
  return { uids: new Set(app.map(({ uid }) => uid)), gids: new Set(app.map(({ gid }) => gid)) }
}

function missingWorkDir(fat: Side, lean: Side): { readonly failures: readonly Evidence[] } {
  const dir = fat.config.WorkingDir || '/'
  if (!targetOf(fat.tree, dir) || targetOf(lean.tree, dir)) return { failures: [] }
  return {
    failures: [
      {
        message: `the working directory ${dir} is missing in lean`,
        path: dir,
        missing: { kind: 'file', path: dir },
      },
    ],
  }
}
