import { parseShell } from '../../shell/index.ts'
import { httpProbe } from './http-probe.ts'
import type { HttpProbe } from './types.ts'

/** More than this many requests of one text are not asked. */
const mostProbes = 20

const ownUrl =
  /\bhttp:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::(\d{1,5}))?(\/[^\s"'`;|&)>\]\\}*]*)?/g

/**
 * Requests that a README shows: its curl lines with method, headers and body, and every URL of the own machine.
 * `docker run -p 8080:5000` in the same text, and the ports that a compose file publishes, tell which port that is
 * inside the container. What reads is asked before what changes.
 */
export function fromReadme(
  text: string,
  published: ReadonlyMap<number, number> = new Map(),
): readonly HttpProbe[] {
  const ports = new Map([...published, ...publishedIn(text)])
  const lines = text.replace(/\\\r?\n\s*/g, ' ').split('\n')
  const curls = lines.filter((line) => /(?:^|[\s`$])curl\s/.test(line))
  const plain = lines.filter((line) => !curls.includes(line)).join('\n')
  const found = [
    ...curls.flatMap((line) => fromCurl(line) ?? []),
    ...[...plain.matchAll(ownUrl)].flatMap((match) => requestOf({ url: match[0] }) ?? []),
  ].map((probe) => ({ ...probe, port: ports.get(probe.port) ?? probe.port }))
  const reads = found.filter(({ method }) => method === 'GET' || method === 'HEAD')
  return [...reads, ...found.filter((probe) => !reads.includes(probe))].slice(0, mostProbes)
}

/** `-p 8080:5000` and `--publish=127.0.0.1:8080:5000` by the host's port. */
function publishedIn(text: string): ReadonlyMap<number, number> {
  const flags = text.matchAll(/(?:-p|--publish)[ =]"?(?:[\d.]+:)?(\d{1,5}):(\d{1,5})\b/g)
  return new Map([...flags].map(([, host, inner]) => [Number(host), Number(inner)]))
}

/** `/items/<id>`, `/items/{id}`, `/items/$ID`, `/items/:id` */
const placeholder = /https?:\/\/\S*(?:[<{$]|\/:)/

type Curl = {
  url?: string
  method?: string
  headers: Record<string, string>
  body?: string
}

/** curl(1) flags that take a value and do not change what is asked. */
const ignoredValues =
  /^(?:-o|--output|-m|--max-time|--connect-timeout|--retry|--retry-delay|-w|--write-out|-A|--user-agent)$/
const ignored =
  /^(?:-[sSfLivk]+|--(?:silent|show-error|fail|location|include|verbose|insecure|no-progress-meter|compressed))$/

/** Undefined for a command that uses more of curl than is known here: half a request would be another one. */
function fromCurl(line: string): HttpProbe | undefined {
  const from = line.slice(line.search(/\bcurl\s/)).replace(/`.*$/s, '')
  if (placeholder.test(from)) return undefined
  const [command] = parseShell(from).commands
  const words = command?.words.map(({ value }) => value) ?? []
  if (words.shift() !== 'curl') return undefined
  const curl: Curl = { headers: {} }
  while (words.length > 0) {
    const word = words.shift()
    if (typeof word !== 'string' || !readWord(curl, word, () => words.shift() ?? undefined))
      return undefined
  }
  const typed = Object.keys(curl.headers).some((name) => name.toLowerCase() === 'content-type')
  // As curl has it: whatever -d sends is a form, unless a header says otherwise.
  if (curl.body !== undefined && !typed)
    curl.headers['content-type'] = 'application/x-www-form-urlencoded'
  return requestOf(curl)
}

function readWord(curl: Curl, word: string, next: () => string | undefined): boolean {
  if (!word.startsWith('-')) {
    if (curl.url !== undefined) return false
    curl.url = /^https?:/.test(word) ? word : `http://${word}`
    return true
  }
  if (ignored.test(word)) return true
  const [flag = '', joined] = /^--[^=]+=/.test(word) ? word.split(/=(.*)/s) : [word]
  if (ignoredValues.test(flag)) return (joined ?? next()) !== undefined
  if (/^(?:-I|--head)$/.test(flag)) curl.method ??= 'HEAD'
  else if (/^-X./.test(flag)) curl.method = flag.slice(2)
  else {
    const value = joined ?? next()
    if (value === undefined) return false
    if (/^(?:-X|--request)$/.test(flag)) curl.method = value
    else if (/^(?:-H|--header)$/.test(flag)) {
      const [name = '', rest] = value.split(/:\s*(.*)/s)
      if (rest === undefined || name.toLowerCase() === 'host') return false
      curl.headers[name] = rest
    } else if (/^(?:-d|--data|--data-raw|--data-ascii)$/.test(flag) && !value.startsWith('@'))
      curl.body = curl.body === undefined ? value : `${curl.body}&${value}`
    else if (flag === '--json' && !value.startsWith('@')) {
      curl.body = value
      curl.headers['content-type'] = 'application/json'
    } else return false
  }
  return true
}

function requestOf({ url = '', ...parts }: Partial<Curl>): HttpProbe | undefined {
  const [match] = [...url.matchAll(ownUrl)]
  if (!match || placeholder.test(url)) return undefined
  const [, port = '80', path = '/'] = match
  const made = httpProbe(
    { ...parts, port: Number(port), path: path.replace(/[.,:]+$/, '') || '/' },
    'readme',
  )
  return typeof made === 'string' ? undefined : made
}
