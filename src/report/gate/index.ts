/** The gate's report in every format. In: a GateReport. Out: text. */
import type { Paint } from '../paint.ts'
import { gateGithub } from './github.ts'
import { gateGitlab } from './gitlab.ts'
import { gateJunit } from './junit.ts'
import { gateMarkdown } from './markdown.ts'
import { gateSarif } from './sarif.ts'
import { gateText } from './text.ts'
import type { GateReport } from './types.ts'

export type { GateReport } from './types.ts'

export type GateFormat = 'text' | 'json' | 'markdown' | 'sarif' | 'junit' | 'github' | 'gitlab'

type Options = { readonly paint: Paint; readonly version: string }

const renderers: Readonly<Record<GateFormat, (report: GateReport, options: Options) => string>> = {
  text: (report, { paint }) => gateText(report, paint),
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  markdown: gateMarkdown,
  sarif: (report, { version }) => gateSarif(report, version),
  junit: gateJunit,
  github: gateGithub,
  gitlab: gateGitlab,
}

export const gateFormats: readonly GateFormat[] = Object.keys(renderers) as readonly GateFormat[]

export function renderGate(format: GateFormat, report: GateReport, options: Options): string {
  return renderers[format](report, options)
}
