import type { HttpProbeAnswer } from '../ports.ts'
import type { HttpProbe } from '../probes/index.ts'
import { compareHeaders } from './headers.ts'
import { compareJson, exactJson } from './json.ts'
import { compareText, type Likeness } from './text.ts'

export type Answer = Extract<HttpProbeAnswer, { kind: 'answer' }>

/** Why an answer of fat does not count as "fat works", undefined when it does (DESIGN §6, P7). */
export function whyNotCounted(probe: HttpProbe, answer: HttpProbeAnswer): string | undefined {
  if (answer.kind === 'none') return `no answer (${answer.reason})`
  const wanted = probe.expect?.status
  if (wanted !== undefined && answer.status !== wanted)
    return `answered ${answer.status}, expected ${wanted}`
  if (wanted === undefined && answer.status >= 400) return `answered ${answer.status}`
  const body = probe.expect?.body
  if (body !== undefined && !sameBody(body, text(answer.body)))
    return `the body is ${excerpt(answer)}, expected ${body}`
  const part = probe.expect?.contains
  if (part !== undefined && !text(answer.body).includes(part))
    return `the body is ${excerpt(answer)}, without ${part}`
  return undefined
}

/** Equal as JSON when both are JSON, else as text without surrounding white space. */
function sameBody(wanted: string, found: string): boolean {
  const a = exactJson(wanted)
  const b = exactJson(found)
  if (a && b) return compareJson(a.value, b.value, []).kind === 'equal'
  return wanted.trim() === found.trim()
}

/** What differs between fat's and lean's answer; `samples` are further answers of fat to the same request. */
export function compareAnswers(
  fat: Answer,
  lean: Answer,
  samples: readonly Answer[],
): { readonly status: Likeness; readonly headers: Likeness; readonly body: Likeness } {
  const others = samples.filter((sample) => sample.status === fat.status)
  return {
    status: compareStatus(fat, lean, samples),
    headers: compareHeaders(
      fat.headers,
      lean.headers,
      others.map((sample) => sample.headers),
    ),
    body: compareBodies(fat, lean, others),
  }
}

function compareStatus(fat: Answer, lean: Answer, samples: readonly Answer[]): Likeness {
  if (samples.some((sample) => sample.status !== fat.status))
    return { kind: 'unstable', reason: 'fat answers the same request with different statuses' }
  if (fat.status === lean.status) return { kind: 'equal' }
  return { kind: 'different', fat: String(fat.status), lean: String(lean.status) }
}

function compareBodies(fat: Answer, lean: Answer, samples: readonly Answer[]): Likeness {
  if (sameBytes(fat.body, lean.body)) return compareLengths(fat, lean, samples)
  if (isBinary(fat.body) || isBinary(lean.body)) {
    if (samples.some((sample) => !sameBytes(sample.body, fat.body)))
      return { kind: 'unstable', reason: "fat's own binary answers differ" }
    return { kind: 'different', fat: excerpt(fat), lean: excerpt(lean) }
  }
  const a = exactJson(text(fat.body))
  const b = exactJson(text(lean.body))
  const others = samples.map((sample) => exactJson(text(sample.body)))
  if (a && b && others.every((other) => other !== undefined))
    return compareJson(
      a.value,
      b.value,
      others.map((other) => other.value),
    )
  return compareText(
    text(fat.body),
    text(lean.body),
    samples.map((sample) => text(sample.body)),
  )
}

/** An answer to HEAD has no body: its length is all that is known of it. */
function compareLengths(fat: Answer, lean: Answer, samples: readonly Answer[]): Likeness {
  const [a, b] = [fat, lean].map(({ headers }) => headers['content-length'])
  const varies = samples.some(({ headers }) => headers['content-length'] !== a)
  if (fat.body.length > 0 || a === b || varies) return { kind: 'equal' }
  return { kind: 'different', fat: `content-length: ${a}`, lean: `content-length: ${b}` }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.includes(0) || text(bytes).includes('\uFFFD')
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** The start of a body for a report: at most 400 characters, or its size when it is binary. */
export function excerpt(answer: Answer): string {
  return isBinary(answer.body)
    ? `${answer.body.length} bytes`
    : text(answer.body).trim().slice(0, 400)
}

/** An answer in one line, e.g. `200 {"status": "healthy"}` or `no answer (ECONNREFUSED)`. */
export function describeAnswer(answer: HttpProbeAnswer): string {
  return answer.kind === 'none'
    ? `no answer (${answer.reason})`
    : `${answer.status} ${excerpt(answer)}`.trim()
}
