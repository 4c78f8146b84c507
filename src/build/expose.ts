import { Fault } from '../base/index.ts'
import type { ExposeInstruction } from '../dockerfile/index.ts'
import { expandAll, type Job, placeOf } from './job.ts'
import { type StageState, withConfig } from './state.ts'

/** EXPOSE: `[[ip:]host:]port[-port][/protocol]`; a variable may hold several. History keeps their order. */
export function expose(job: Job, state: StageState, instruction: ExposeInstruction): StageState {
  const ports = instruction.ports.flatMap((word) =>
    expandAll(job, state.scope, [word]).flatMap((text) => {
      const found = parsePort(text)
      if (typeof found !== 'string') return found
      throw new Fault('EXPOSE_INVALID', found, {
        kind: 'invalid',
        at: placeOf(job, word.range),
        hint: 'EXPOSE takes ports such as 8080, 8080/udp or 7000-7010',
      })
    }),
  )
  return withConfig(state, `EXPOSE [${ports.join(' ')}]`, {
    ...state.config,
    ExposedPorts: {
      ...state.config.ExposedPorts,
      ...Object.fromEntries(ports.map((port) => [port, {}])),
    },
  })
}

/** The ports of one word as `number/protocol`, or what is wrong with it in BuildKit's words. */
export function parsePort(word: string): readonly string[] | string {
  const slash = word.lastIndexOf('/')
  const protocol = (slash < 0 ? 'tcp' : word.slice(slash + 1) || 'tcp').toLowerCase()
  const colons = (slash < 0 ? word : word.slice(0, slash)).split(':')
  const container = colons.at(-1) ?? ''
  const host = colons.length > 1 ? (colons.at(-2) ?? '') : ''
  const ip = colons.slice(0, -2).join(':')
  if (container === '') return `invalid port: ${JSON.stringify(word)}: no port specified`
  if (!['tcp', 'udp', 'sctp'].includes(protocol))
    return `invalid port: ${JSON.stringify(word)}: invalid proto: ${protocol}`
  if (ip !== '' && !isAddress(ip)) return `invalid IP address: ${ip}`
  const range = parseRange(container)
  if (!range) return `invalid containerPort: ${container}`
  const hostRange = host === '' ? range : parseRange(host)
  if (!hostRange) return `invalid hostPort: ${host}`
  const count = range.end - range.start
  if (count !== hostRange.end - hostRange.start && count !== 0)
    return `invalid ranges specified for container and host Ports: ${container} and ${host}`
  return Array.from({ length: count + 1 }, (_, at) => `${range.start + at}/${protocol}`)
}

function parseRange(text: string): { readonly start: number; readonly end: number } | null {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return null
  const start = Number(match[1])
  const end = Number(match[2] ?? match[1])
  return end >= start && end <= 65_535 ? { start, end } : null
}

function isAddress(text: string): boolean {
  const plain = text.replace(/^\[(.*)\]$/, '$1')
  if (plain.includes(':')) return /^[0-9a-fA-F:.]+$/.test(plain)
  const parts = plain.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}
