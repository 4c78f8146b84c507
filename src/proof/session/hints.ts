type Hint = { readonly pattern: RegExp; readonly say: (match: RegExpExecArray) => string }

const services: Readonly<Record<string, string>> = {
  '5432': 'PostgreSQL',
  '3306': 'MySQL',
  '6379': 'Redis',
  '27017': 'MongoDB',
  '5672': 'RabbitMQ',
  '9092': 'Kafka',
  '9200': 'Elasticsearch',
  '11211': 'memcached',
}

/** What logs say when a service or a setting is missing; the first match a line decides. */
const hints: readonly Hint[] = [
  {
    pattern: /could not translate host name "([^"]+)"/,
    say: ([, host]) => `a PostgreSQL server that the app reaches as "${host}"`,
  },
  {
    pattern: /connection to server at "([^"]+)".*port (\d+) failed/,
    say: ([, host, port]) => `a ${service(port)} server at ${host}:${port}`,
  },
  {
    pattern: /Can't connect to MySQL server on '([^']+)'/,
    say: ([, host]) => `a MySQL server that the app reaches as "${host}"`,
  },
  {
    pattern: /Error -?\d+ connecting to ([\w.-]+):(\d+)/,
    say: ([, host, port]) => `a ${service(port)} server at ${host}:${port}`,
  },
  {
    pattern: /ECONNREFUSED (?:::1|[\d.]+):(\d+)/,
    say: ([, port]) => `a ${service(port)} server on port ${port}`,
  },
  {
    pattern:
      /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|Name or service not known:?|resolve host) ([\w.-]+)/,
    say: ([, host]) => `a host that the app reaches as "${host}"`,
  },
  {
    pattern: /KeyError: '([A-Z][A-Z0-9_]{2,})'/,
    say: ([, name]) => `the environment variable ${name}`,
  },
  {
    pattern:
      /\b([A-Z][A-Z0-9_]{2,}) (?:environment variable )?(?:is )?(?:not set|must be set|required|missing)/,
    say: ([, name]) => `the environment variable ${name}`,
  },
  {
    pattern: /Connection refused|Temporary failure in name resolution|Name or service not known/,
    say: () => 'the service that the app connects to at start',
  },
]

/** What would make the app provable, read from fat's log: one sentence each, without repeats. */
export function hintsFrom(log: string): readonly string[] {
  const found = new Set<string>()
  for (const line of log.split('\n')) {
    for (const { pattern, say } of hints) {
      const match = pattern.exec(line)
      if (!match) continue
      found.add(`give the container ${say(match)}`)
      break
    }
  }
  return [...found].slice(0, 5)
}

function service(port: string | undefined): string {
  return services[port ?? ''] ?? 'network'
}

/** The last lines of a log, for evidence. */
export function lastLines(log: string, count = 8): string {
  return log.trimEnd().split('\n').slice(-count).join('\n')
}
