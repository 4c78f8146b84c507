import { expect, test } from 'vitest'
import { parsePort } from './expose.ts'

test.each([
  ['80', ['80/tcp']],
  ['80/UDP', ['80/udp']],
  ['80/', ['80/tcp']],
  ['7000-7002/sctp', ['7000/sctp', '7001/sctp', '7002/sctp']],
  ['8080:80', ['80/tcp']],
  ['127.0.0.1:8080:80/udp', ['80/udp']],
  ['[::1]:8080:80', ['80/tcp']],
  ['8000-9000:80', ['80/tcp']],
  ['8000-8001:80-81', ['80/tcp', '81/tcp']],
])('%s', (word, ports) => {
  expect(parsePort(word)).toEqual(ports)
})

test.each([
  ['', 'no port specified'],
  ['80/http', 'invalid proto: http'],
  ['eighty', 'invalid containerPort: eighty'],
  ['90-80', 'invalid containerPort: 90-80'],
  ['70000', 'invalid containerPort: 70000'],
  ['x:80', 'invalid hostPort: x'],
  ['localhost:80:80', 'invalid IP address: localhost'],
  ['8000-8002:80-81', 'invalid ranges specified'],
])('%s is refused', (word, message) => {
  expect(parsePort(word)).toContain(message)
})
