import { Fault } from '../../base/index.ts'
import { httpProbe } from './http-probe.ts'
import type { Probe } from './types.ts'

const ownHosts: ReadonlySet<string> = new Set(['', 'localhost', '127.0.0.1', '0.0.0.0', '[::1]'])
const http =
  /^(?:([A-Za-z]+)\s+)?http:\/\/([^/:\s]*|\[[^\]\s]*\]):(\d{1,5})(\/[^\s#]*)?(?:\s+(?!=>)(\S.*?))?(?:\s+=>\s+(\d{3}))?$/s

/**
 * Reads what `--probe` takes: `http://:5000/health`, `POST http://:5000/x {"a": 1} => 201` (a body makes it a POST),
 * `http://:5000/old => 404`, `cmd: python -c "import app"`, `cmd: ["python","-V"]`. The host can only be the container.
 * @throws Fault PROBE_INVALID
 */
export function parseProbe(text: string): Probe {
  const trimmed = text.trim()
  const command = /^cmd:\s*(.*)$/s.exec(trimmed)
  if (command) return { kind: 'cmd', argv: argvOf(command[1] ?? '', text), origin: 'given' }
  const match = http.exec(trimmed)
  if (!match)
    throw invalid(
      text,
      'write http://:PORT/PATH, METHOD http://:PORT/PATH [BODY] [=> STATUS] or cmd: COMMAND',
    )
  const [, method, host = '', port = '', path = '/', body, status] = match
  if (!ownHosts.has(host.toLowerCase()))
    throw invalid(text, 'a probe goes to the container itself: leave the host empty')
  const made = httpProbe({ method, port: Number(port), path, body }, 'given')
  if (typeof made === 'string') throw invalid(text, made)
  return status === undefined ? made : { ...made, expect: { status: Number(status) } }
}

function argvOf(command: string, whole: string): readonly string[] {
  if (command.trim() === '') throw invalid(whole, 'the command is empty')
  if (command.trimStart().startsWith('[')) return jsonArgv(command, whole)
  // Anything a shell would interpret is left to the image's shell; plain words are started directly, so that an
  // image without a shell can be probed as well.
  if (/[|&;<>()$`*?{}~#\n\\]/.test(command)) return ['/bin/sh', '-c', command]
  const words: string[] = []
  const rest = command.replace(
    /\s*("([^"]*)"|'([^']*)'|[^\s"']+)(?=\s|$)/gy,
    (_, word, double, single) => {
      words.push(double ?? single ?? word)
      return ''
    },
  )
  return rest.trim() === '' ? words : ['/bin/sh', '-c', command]
}

function jsonArgv(command: string, whole: string): readonly string[] {
  let value: unknown
  try {
    value = JSON.parse(command)
  } catch (cause) {
    throw invalid(whole, 'the command starts with [ and is not a JSON array', cause)
  }
  const words = Array.isArray(value) ? value : []
  if (words.length === 0 || !words.every((word): word is string => typeof word === 'string'))
    throw invalid(whole, 'a JSON command is an array of strings')
  return words
}

function invalid(text: string, hint: string, cause?: unknown): Fault {
  return new Fault('PROBE_INVALID', `not a probe: ${JSON.stringify(text.slice(0, 200))}`, {
    kind: 'invalid',
    hint,
    cause,
  })
}
