import { suggestService } from '../services/index.ts'

type Hint = { readonly pattern: RegExp; readonly say: (match: RegExpExecArray) => string }

/** What logs say when a service or a setting is missing; the first match a line decides. */
const hints: readonly Hint[] = [
  {
    pattern: /could not translate host name "([^"]+)"/,
    say: ([, host]) => suggestService(host ?? '', '5432'),
  },
  {
    pattern: /connection to server at "([^"]+)".*port (\d+) failed/,
    say: ([, host, port]) => suggestService(host ?? '', port),
  },
  {
    pattern: /Can't connect to MySQL server on '([^']+)'/,
    say: ([, host]) => suggestService(host ?? '', '3306'),
  },
  {
    pattern: /Error -?\d+ connecting to ([\w.-]+):(\d+)/,
    say: ([, host, port]) => suggestService(host ?? '', port),
  },
  {
    pattern: /ECONNREFUSED (?:::1|[\d.]+):(\d+)/,
    say: ([, port]) => suggestService('localhost', port),
  },
  {
    pattern:
      /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|Name or service not known:?|resolve host) ([\w.-]+)/,
    say: ([, host]) => suggestService(host ?? '', undefined),
  },
  {
    pattern: /KeyError: '([A-Z][A-Z0-9_]{2,})'/,
    say: ([, name]) => `give the app the environment variable ${name}: --env ${name}=VALUE`,
  },
  {
    pattern:
      /\b([A-Z][A-Z0-9_]{2,}) (?:environment variable )?(?:is )?(?:not set|must be set|required|missing)/,
    say: ([, name]) => `give the app the environment variable ${name}: --env ${name}=VALUE`,
  },
]

/** Said only when no line says more. */
const refusedConnection =
  /Connection refused|Temporary failure in name resolution|Name or service not known/
const someService = 'give the app the service that it connects to at start: --service NAME=IMAGE'

/** What would make the app provable, read from fat's log: one sentence each, without repeats. */
export function hintsFrom(log: string): readonly string[] {
  const found = new Set<string>()
  for (const line of log.split('\n')) {
    for (const { pattern, say } of hints) {
      const match = pattern.exec(line)
      if (!match) continue
      found.add(say(match))
      break
    }
  }
  if (found.size === 0 && refusedConnection.test(log)) return [someService]
  return [...found].slice(0, 5)
}

/** The last lines of a log, for evidence. */
export function lastLines(log: string, count = 8): string {
  return log.trimEnd().split('\n').slice(-count).join('\n')
}
