import { type GateReport, outcome, subjectName } from './types.ts'

/** JUnit's XML: one test case a policy, those that pass as well, so that trend pages work. */
export function gateJunit(report: GateReport): string {
  const { errors, skipped } = outcome(report)
  const undecided = report.results.filter(
    ({ status, level }) => status === 'skip' && level === 'error',
  ).length
  const cases = report.results.map((result) => {
    const open = `    <testcase classname="jettison.${attribute(result.id)}" name="${attribute(result.title)}" time="0"`
    const details = [
      `found ${result.found}`,
      `allowed ${result.allowed}`,
      ...result.evidence.slice(0, 20),
      ...result.notCounted.map((line) => `not counted: ${line}`),
      `why: ${result.why}`,
      `fix: ${result.fix}`,
    ].join('\n')
    if (result.status === 'pass') return `${open}/>`
    if (result.status === 'skip')
      return result.level === 'error'
        ? `${open}>\n      <error type="undecided" message="${attribute(result.found)}">${text(details)}</error>\n    </testcase>`
        : `${open}>\n      <skipped message="${attribute(result.found)}"/>\n    </testcase>`
    if (result.level === 'warn')
      return `${open}>\n      <system-out>${text(`warning: ${details}`)}</system-out>\n    </testcase>`
    return `${open}>\n      <failure type="policy" message="${attribute(`found ${result.found}, allowed ${result.allowed}`)}">${text(details)}</failure>\n    </testcase>`
  })
  const counts = `tests="${report.results.length}" failures="${errors}" errors="${undecided}" skipped="${skipped - undecided}" time="0"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="jettison" ${counts}>`,
    `  <testsuite name="${attribute(`jettison ${subjectName(report)}`)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

/** XML 1.0 has no place for most control characters, not even escaped. */
function text(value: string): string {
  return value
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

function attribute(value: string): string {
  return text(value)
    .replace(/"/g, '&quot;')
    .replace(/[\t\n\r]+/g, ' ')
}
