import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'port',
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
    const found = ports.filter(
      ({ containerPort }) => wanted === undefined || wanted.split('/')[0] === String(containerPort),
    )
    for (const { ip, hostPort, containerPort } of found)
      out(
        wanted === undefined
          ? `${containerPort}/tcp -> ${ip}:${hostPort}\n`
          : `${ip}:${hostPort}\n`,
      )
    return wanted !== undefined && found.length === 0 ? 1 : 0
  },
}
