import { isPolicyId, kindOf, type PolicyResult } from '../../gate/index.ts'
import { fingerprint } from './fingerprint.ts'
import { replacementsOf } from './patch-fixes.ts'
import { failures, type GateReport, subjectName } from './types.ts'

/** SARIF 2.1.0 (OASIS): failures only, each at a line of the Dockerfile, because a result needs a file of the repository. */
export function gateSarif(report: GateReport, version: string): string {
  const file = report.repositoryFile ?? 'Dockerfile'
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'jettison', semanticVersion: version, rules: report.results.map(rule) },
        },
        automationDetails: { id: `jettison/${subjectName(report)}/` },
        invocations: [
          {
            executionSuccessful: !report.undecided,
            toolExecutionNotifications: report.results
              .filter(({ status }) => status === 'skip')
              .map(({ id, found }) => ({
                level: 'error',
                message: { text: `${id} examined nothing: ${found}` },
                associatedRule: { id },
              })),
          },
        ],
        results: failures(report).map((result) => finding(result, report, file)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function rule({ id, title, level, why, fix }: PolicyResult): object {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}. ${fix}.`, markdown: `${why}.\n\n**Fix:** ${fix}.` },
    defaultConfiguration: { level: level === 'error' ? 'error' : 'warning' },
    properties: { tags: ['container', 'size'] },
  }
}

function finding(result: PolicyResult, report: GateReport, file: string): object {
  const { id, level, title, found, allowed, items, notCounted, line, endLine } = result
  const uri = { uri: encodeURI(file), uriBaseId: '%SRCROOT%' }
  const bytes = items.reduce((sum, item) => sum + (item.bytes ?? 0), 0)
  const packages = [...new Set(items.flatMap((item) => item.package ?? []))].slice(0, 50)
  const layers = [...new Set(items.flatMap((item) => item.layer ?? []))].slice(0, 5)
  const largest = items.slice(0, 5).map(({ what }) => what.replace(/\s+/g, ' ').slice(0, 200))
  const text = [
    `${title}: found ${found}, allowed ${allowed}.`,
    ...largest.map((one) => `- ${one}`),
    ...notCounted.map((one) => `not counted: ${one}`),
  ].join('\n')
  return {
    ruleId: id,
    ruleIndex: report.results.findIndex((one) => one.id === id),
    level: level === 'error' ? 'error' : 'warning',
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: uri,
          region: { startLine: line ?? 1, ...(endLine === null ? {} : { endLine }) },
        },
        logicalLocations: [
          ...layers.map((layer) => logical('layer', String(layer + 1))),
          ...packages.map((name) => logical('package', name)),
        ].slice(0, 10),
      },
    ],
    partialFingerprints: { 'jettisonPolicy/v1': fingerprint(result, file) },
    ...fixesOf(result, report, uri),
    properties: { bytes, packages, layers: layers.map((layer) => layer + 1) },
  }
}

function logical(kind: string, name: string): object {
  return { name, kind, fullyQualifiedName: `${kind}/${name}` }
}

/** What slim would write, where it mends this: planned, and proved only when it is run. */
function fixesOf(
  { id, fix }: PolicyResult,
  { patch }: GateReport,
  artifactLocation: object,
): object {
  if (patch === null || !isPolicyId(id) || !kindOf(id).slimFixes) return {}
  const replacements = replacementsOf(patch)
  if (replacements.length === 0) return {}
  const description = { text: `What jettison slim would write, not yet proved. ${fix}.` }
  return { fixes: [{ description, artifactChanges: [{ artifactLocation, replacements }] }] }
}
