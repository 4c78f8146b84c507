import { type BuildTool, buildTools } from '../../analysis/index.ts'
import { type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import type { Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { installsIn } from './installs.ts'

/** P6: no build tool above lean's base, in its files or in its history. It judges leanness and not the verdict. */
export const negativeRung: Rung = {
  id: 'P6',
  title: 'No build tools left',
  runs: false,
  examine: examineLeftovers,
}

function examineLeftovers({ lean }: RungInput): Finding {
  const { baseLayers } = lean.subject
  const layers = lean.tree.layerCount - baseLayers
  const found = buildTools(lean.tree, lean.packages(), lean.environments())
  const above = found.filter(({ layer }) => layer >= baseLayers)
  const failures = above
    .filter(({ keptBy }) => keptBy === undefined)
    .map((tool) => describeTool(tool, lean))
  const notes = above.filter(({ keptBy }) => keptBy !== undefined).map(describeKept)
  const named = new Set(failures.map(({ subject }) => subject))
  const installed = historyAbove(lean).filter(({ subject }) => !named.has(subject))
  const all = [...failures, ...installed]
  return verdictOf({
    examined: Math.max(0, layers),
    failures: all,
    notes,
    passed: `nothing in the ${layers} layers above the base`,
    failed: `${all.length} left: ${[...new Set(all.map(({ subject }) => subject))].slice(0, 6).join(', ')}`,
    nothing: 'lean has no layer above its base',
  })
}

function describeTool(tool: BuildTool, lean: Side): Evidence {
  const owner = tool.package === undefined ? '' : ` of ${tool.package}`
  const count = tool.files > 1 ? `, ${tool.files} files` : ''
  return {
    message: `${tool.kind} ${tool.name}: ${tool.path}${owner}${count}, layer ${tool.layer}: ${shortened(lean.createdBy(tool.layer))}`,
    subject: tool.name,
    path: tool.path,
    ...(tool.package === undefined ? {} : { package: tool.package }),
  }
}

function describeKept(tool: BuildTool): Evidence {
  return {
    message: `${tool.kind} ${tool.path} stays: ${tool.keptBy} lists it as its own`,
    subject: tool.name,
    path: tool.path,
  }
}

/** A tool that one line installs and another removes is still in a layer, and in the history that CI shows. */
function historyAbove(lean: Side): readonly Evidence[] {
  const layers = lean.subject.config.history.filter(({ empty_layer }) => empty_layer !== true)
  return layers.slice(lean.subject.baseLayers).flatMap(({ created_by = '' }, at) =>
    installsIn(created_by).map((name) => ({
      message: `layer ${lean.subject.baseLayers + at} installs ${name}: ${shortened(created_by)}`,
      subject: name,
      package: name,
    })),
  )
}

function shortened(line: string): string {
  const text = line.replace(/\s+/g, ' ').trim()
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
