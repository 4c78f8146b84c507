import { BlockList, isIP } from 'node:net'

const linkLocal = blocks(['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'])
const loopback = blocks(['127.0.0.0/8', '::1/128'])
const unroutable = blocks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
])

export function isLoopback(address: string): boolean {
  return contains(loopback, address)
}

/** Where cloud machines keep their metadata and credentials. */
export function isLinkLocal(address: string): boolean {
  return contains(linkLocal, address)
}

/** Neither private, nor local, nor reserved. */
export function isPublic(address: string): boolean {
  return isIP(address) !== 0 && !contains(unroutable, address)
}

/**
 * Whether a server at `from` may send us to `to`, an address of another host: nobody may lead to link-local addresses,
 * and a public server may not lead into a private network (SSRF). `from` is null when it is not known.
 */
export function mayLead(from: string | null, to: string): boolean {
  if (isPublic(to)) return true
  return !isLinkLocal(to) && from !== null && !isPublic(from)
}

/** A test for a CIDR block such as `10.0.0.0/8`, null when the text is none. */
export function parseBlock(text: string): ((address: string) => boolean) | null {
  const [network = '', bits = ''] = text.split('/')
  if (isIP(network) === 0 || !/^\d{1,3}$/.test(bits)) return null
  if (Number(bits) > (isIP(network) === 6 ? 128 : 32)) return null
  const list = blocks([text])
  return (address) => contains(list, address)
}

function blocks(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [network = '', bits = ''] = text.split('/')
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as what it is. */
function contains(list: BlockList, address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  const mapped = family === 6 ? mappedIpv4(address) : null
  if (mapped !== null) return list.check(mapped, 'ipv4')
  return list.check(address.replace(/%.*$/, ''), family === 6 ? 'ipv6' : 'ipv4')
}

function mappedIpv4(address: string): string | null {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (dotted) return dotted[1] ?? null
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (!hex) return null
  const high = Number.parseInt(hex[1] ?? '', 16)
  const low = Number.parseInt(hex[2] ?? '', 16)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
