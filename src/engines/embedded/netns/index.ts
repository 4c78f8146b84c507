/**
 * Netns: the way between the host and a container's own network. In: the pid of a container.
 * Out: published ports, single connections, HTTP answers, listening ports.
 */
export { requestInside } from './http.ts'
export {
  findOutbound,
  type OutboundProgram,
  openOutbound,
  outboundNetwork,
} from './outbound.ts'
export { openRelay, type PortMapping, type Relay } from './relay.ts'
export { listeningPorts } from './sockets.ts'
