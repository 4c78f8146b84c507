import type { PolicyKind } from '../define.ts'

/** Port and path of `http://:PORT/PATH`; undefined when it is none. */
export function probeTarget(
  url: string,
): { readonly port: number; readonly path: string } | undefined {
  const match = /^http:\/\/[^/:]*:(\d+)(\/.*)?$/.exec(url)
  return match ? { port: Number(match[1]), path: match[2] ?? '/' } : undefined
}

/** Criterion 3: the app answers as it should. Bodies that are both JSON are compared as values. */
export const httpProbe: PolicyKind<{
  readonly url: 'text'
  readonly status: 'count?'
  readonly body: 'text?'
  readonly seconds: 'count?'
  readonly env: 'pairs?'
}> = {
  options: { url: 'text', status: 'count?', body: 'text?', seconds: 'count?', env: 'pairs?' },
  why: 'a small image that does not answer is no image',
  fix: 'run it and read its log: jettison run IMAGE',
  slimFixes: false,
  runs: true,
  refuse: ({ url }) =>
    probeTarget(url)
      ? null
      : ['url', `${url} is no URL of the app: write it as http://:5000/health`],
  judge: ({ url, status, body }, { answers, notStarted }) => {
    const target = probeTarget(url)
    const wanted = status ?? 200
    const common = {
      title: `GET ${target ? `:${target.port}${target.path}` : url} answers`,
      allowed: `${wanted}${body === null ? '' : ` ${body}`}`,
    }
    const answer = answers.get(url)
    if (!answer) return { ...common, status: 'skip', found: notRun(notStarted), items: [] }
    if (answer.kind === 'none')
      return { ...common, status: 'fail', found: 'no answer', items: [{ what: answer.reason }] }
    const same = body === null || sameBody(answer.body, body)
    return {
      ...common,
      status: answer.status === wanted && same ? 'pass' : 'fail',
      found: `${answer.status} ${answer.body.trim().slice(0, 200)}`,
      items: [],
    }
  },
}

/** What stands for an answer where nothing was started. */
export function notRun(reason: string | null): string {
  return `not run${reason === null ? '' : `: ${reason}`}`
}

function sameBody(found: string, wanted: string): boolean {
  if (found.trim() === wanted.trim()) return true
  try {
    return stable(JSON.parse(found)) === stable(JSON.parse(wanted))
  } catch {
    return false
  }
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
