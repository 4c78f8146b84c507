import { formatSize } from '../../base/index.ts'
import type { Report } from '../document.ts'
import { stageGraph } from './stage-graph.ts'
import type { PageChange, PageStage, PageText } from './types.ts'

type Conversion = Pick<Report, 'fat' | 'lean' | 'dockerfile' | 'dockerignore' | 'repairs'>

/**
 * What a conversion changed, why, what could go wrong by it and which rungs of the proof look there. Read off the two
 * Dockerfiles, so that it says what is in the file and not what was meant.
 * @param lines of the Dockerfile after
 */
export function changesOf(report: Conversion, lines: readonly PageText[]): readonly PageChange[] {
  const { dockerfile, fat, lean } = report
  if (!dockerfile || dockerfile.text === dockerfile.before) return []
  const before = stageGraph(dockerfile.before)
  const after = stageGraph(dockerfile.text)
  const final = after.at(-1)
  const changes = [
    ...stageChanges(before, after),
    ...(final ? baseChange(before.at(-1), final, after, fat?.size, lean?.size) : []),
    ...(final ? copyChanges(before, final) : []),
    ...(final ? packageChanges(final, lines) : []),
    ...ignoreChange(report),
    ...report.repairs.map((what) => ({
      ...{ line: null, what, verifiedBy: ['P3', 'P5', 'P7'] as const },
      why: 'The first proof failed without it',
      risk: 'Something else of its kind may be missing where no probe looks',
    })),
  ]
  return changes.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0)
}

function stageChanges(
  before: readonly PageStage[],
  after: readonly PageStage[],
): readonly PageChange[] {
  const added = after.length - before.length
  if (added <= 0) return []
  const builders = after.filter(({ final }) => !final).map(({ name }) => name)
  return [
    {
      line: after[0]?.line ?? null,
      what: `${before.length} → ${after.length} stages: ${builders.join(', ')} ${builders.length === 1 ? 'builds' : 'build'}, the last one runs`,
      why: 'What only a build needs stays in a stage that is not the image',
      risk: 'The app may need a thing of the build stage when it runs',
      verifiedBy: ['P2', 'P3', 'P5', 'P7'],
    },
  ]
}

function baseChange(
  old: PageStage | undefined,
  final: PageStage,
  stages: readonly PageStage[],
  fat: number | undefined,
  lean: number | undefined,
): readonly PageChange[] {
  const own = stages.some(({ name, final: last }) => !last && name === final.from)
  if (!old || own || old.from === final.from) return []
  const sizes =
    fat === undefined || lean === undefined
      ? ''
      : `; the image goes from ${formatSize(fat)} to ${formatSize(lean)}`
  return [
    {
      line: final.line,
      what: `the image starts from ${final.from} instead of ${old.from}`,
      why: `The smaller base leaves out compilers, headers and documentation${sizes}`,
      risk: 'Libraries, programs, locales or settings of the larger base may be missing',
      verifiedBy: ['P1', 'P2', 'P3', 'P7'],
    },
  ]
}

function copyChanges(before: readonly PageStage[], final: PageStage): readonly PageChange[] {
  const known = new Set(before.flatMap(({ copies }) => copies.map((one) => keyOf(one))))
  return final.copies
    .filter((copy) => !known.has(keyOf(copy)))
    .map(({ from, paths, line, mount }) => ({
      line,
      what: mount
        ? `${paths.join(', ')} of ${from} is mounted while the line runs`
        : `${paths.join(', ')} is copied from ${from}`,
      why: mount
        ? 'The line reads it and no layer keeps it'
        : 'Only what was built is carried over, at the same place',
      risk: 'A file that was made elsewhere stays behind',
      verifiedBy: ['P2', 'P4', 'P5'],
    }))
}

function keyOf({
  from,
  paths,
}: {
  readonly from: string
  readonly paths: readonly string[]
}): string {
  return JSON.stringify([from, paths])
}

/** Each line that installs system packages in the last stage, with the comment above it that says who needs them. */
function packageChanges(
  { line: first, lastLine }: PageStage,
  lines: readonly PageText[],
): readonly PageChange[] {
  const inStage = lines.filter(({ line }) => line >= first && line <= lastLine)
  const installs = /\b(?:apt-get|apt|apk|dnf|microdnf|yum)\b.*\b(?:install|add)\b/
  return inStage.flatMap(({ line, instruction }) => {
    if (line !== instruction) return []
    const body = inStage.filter((one) => one.instruction === instruction)
    if (!installs.test(body.map(({ text }) => text).join(' '))) return []
    const comments = commentsAbove(line, lines)
    return [
      {
        line,
        what: 'system packages that the app needs when it runs are installed',
        why: comments.length === 0 ? 'The Dockerfile asked for them' : comments.join('; '),
        risk: 'A package that is only used under rare conditions may be missing',
        verifiedBy: ['P3', 'P4', 'P7'] as const,
      },
    ]
  })
}

function commentsAbove(line: number, lines: readonly PageText[]): readonly string[] {
  const found: string[] = []
  for (let at = line - 2; lines[at]?.text.trimStart().startsWith('#'); at -= 1)
    found.unshift(lines[at]?.text.replace(/^\s*#\s*/, '') ?? '')
  return found
}

function ignoreChange({ dockerignore }: Conversion): readonly PageChange[] {
  if (!dockerignore) return []
  return [
    {
      line: null,
      what: 'a .dockerignore keeps version control, caches and secrets out of the build context',
      why: 'COPY . would put them into a layer',
      risk: 'The build may read one of them',
      verifiedBy: ['P2', 'P7'],
    },
  ]
}
