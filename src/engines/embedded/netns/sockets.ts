import { readFileSync } from 'node:fs'

const listenState = '0A'

/**
 * TCP ports that listen inside the network namespace of a process on an address that others can reach, ascending
 * (proc_net_tcp: little-endian hex words). Loopback listeners are left out, as a published port does not reach them.
 */
export function listeningPorts(pid: number): readonly number[] {
  const ports = ['tcp', 'tcp6'].flatMap((name) => parseTcp(read(`/proc/${pid}/net/${name}`)))
  return [...new Set(ports)].sort((a, b) => a - b)
}

function parseTcp(text: string): number[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/)
      const [address = '', port = ''] = local.split(':')
      return state === listenState && !isLoopback(address) ? [Number.parseInt(port, 16)] : []
    })
}

function isLoopback(hex: string): boolean {
  // IPv4 127.0.0.0/8; IPv6 ::1 and ::ffff:127.0.0.0/8. Each 32-bit word is little endian.
  if (hex.length === 8) return hex.endsWith('7F')
  return hex === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(hex)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
