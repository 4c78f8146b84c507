import type { CategoryId } from '../../analysis/index.ts'
import type { Report, StepTime } from '../document.ts'
import { changesOf } from './changes.ts'
import { criticalSteps } from './critical-path.ts'
import { dockerfileRows } from './dockerfiles.ts'
import { stageGraph } from './stage-graph.ts'
import type { PageData, PageImage, PageStep } from './types.ts'
import { unionTree } from './union-tree.ts'

/** Everything that the page shows, from a report and the two images weighed; `after` is null for one image alone. */
export function pageData(input: {
  readonly title: string
  readonly writer: string
  readonly report: Report | null
  readonly before: PageImage
  readonly after: PageImage | null
  readonly steps: readonly StepTime[]
}): PageData {
  const { report, before, after } = input
  const categories = categoriesOf([...before.files, ...(after?.files ?? [])])
  const file = report?.dockerfile
  const rows = file ? dockerfileRows(file.before, file.text) : null
  const linesAfter = rows?.flatMap((row) => row.after ?? []) ?? []
  return {
    version: 1,
    title: input.title,
    writer: input.writer,
    report,
    before: withoutFiles(before),
    after: after && withoutFiles(after),
    categories,
    ...unionTree(before.files, after?.files ?? [], categories),
    dockerfiles: rows,
    stages: {
      before: file ? stageGraph(file.before) : [],
      after: file ? stageGraph(file.text) : [],
    },
    changes: report ? changesOf(report, linesAfter) : [],
    steps: withCritical(input.steps),
  }
}

function withCritical(steps: readonly StepTime[]): readonly PageStep[] {
  const sides = ['before', 'after'] as const
  const chains = sides.map((side) => criticalSteps(steps.filter((step) => step.side === side)))
  return steps.map((step) => ({ ...step, critical: chains.some((chain) => chain.has(step)) }))
}

function categoriesOf(files: PageImage['files']): readonly CategoryId[] {
  return [...new Set(files.map(({ category }) => category))].sort((a, b) => (a < b ? -1 : 1))
}

function withoutFiles({ files: _, ...image }: PageImage): Omit<PageImage, 'files'> {
  return image
}
