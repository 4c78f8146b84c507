import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'port',
    aliases: ['container port'],
    usage: 'CONTAINER [PORT]',
    summary: 'Show the published ports of a container',
    args: { min: 1, max: 2 },
    flags: [],
  },
  async run({ flags, session, out }) {
    const { containers } = await (await session()).engine()
    const [name = '', wanted] = flags.positional
    const { state } = containers.inspect(name)
    const ports = state.status === 'running' ? state.ports : []
    // As Docker: a port without a protocol is TCP.
    const found = ports.filter(
      ({ containerPort, protocol = 'tcp' }) =>
        wanted === undefined || [wanted, `${wanted}/tcp`].includes(`${containerPort}/${protocol}`),
    )
    for (const { ip, hostPort, containerPort, protocol = 'tcp' } of found)
      out(
        wanted === undefined
          ? `${containerPort}/${protocol} -> ${ip}:${hostPort}\n`
          : `${ip}:${hostPort}\n`,
      )
    return wanted !== undefined && found.length === 0 ? 1 : 0
  },
}
