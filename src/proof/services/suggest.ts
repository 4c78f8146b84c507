import type { AbsentService } from './types.ts'

type Kind = { readonly what: string; readonly image: string }

/** Well-known ports and what to start for them; `image` with the settings that it does not start without. */
const kinds: Readonly<Record<string, Kind>> = {
  '5432': { what: 'PostgreSQL', image: 'postgres:16,POSTGRES_PASSWORD=secret' },
  '3306': { what: 'MySQL', image: 'mysql:8,MYSQL_ROOT_PASSWORD=secret' },
  '6379': { what: 'Redis', image: 'redis:7' },
  '27017': { what: 'MongoDB', image: 'mongo:7' },
  '5672': { what: 'RabbitMQ', image: 'rabbitmq:3' },
  '9092': { what: 'Kafka', image: 'apache/kafka:3.9.0' },
  '9200': { what: 'Elasticsearch', image: 'elasticsearch:8.17.0,discovery.type=single-node' },
  '11211': { what: 'memcached', image: 'memcached:1.6' },
}

const loopback = /^(?:localhost|127\.[\d.]+|::1|)$/

/**
 * One sentence with the flag that starts what an app looked for, e.g. `give the app a Redis server: --service
 * cache=redis:7`. A service on loopback is found there too, because app and services share one network.
 */
export function suggestService(host: string, port: string | undefined): string {
  const kind = kinds[port ?? '']
  const name = loopback.test(host) ? (kind?.what.toLowerCase() ?? 'service') : host
  const place = [loopback.test(host) ? 'localhost' : host, ...(port ? [port] : [])].join(':')
  const what = kind ? `a ${kind.what} server` : 'a server'
  return `give the app ${what} at ${place}: --service ${name}=${kind?.image ?? 'IMAGE'}`
}

/** The same for a service that the project's own files name. */
export function absentService({ name, image, source }: AbsentService): string {
  return `${source} names the service ${name} (${image}), which is not here: jettison pull ${image}, or --service ${name}=IMAGE`
}
