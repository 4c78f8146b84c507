/** An EXPOSE word split as BuildKit splits it: `[address:][host:]container[/protocol]`. */
export type Port = {
  readonly address: string
  readonly host: string
  readonly container: string
  /** As written; `tcp` when absent. */
  readonly protocol: string
}

/** Null when it has no port or a protocol that none knows: the build refuses it. */
export function splitPort(text: string): Port | null {
  const parts = text.split(':')
  const last = parts.pop() ?? ''
  const host = parts.pop() ?? ''
  const address = parts.join(':')
  const slash = last.indexOf('/')
  const container = slash < 0 ? last : last.slice(0, slash)
  const protocol = slash < 0 ? '' : last.slice(slash + 1)
  if (container === '' || !['', 'tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) return null
  return { address, host, container, protocol: protocol === '' ? 'tcp' : protocol }
}
