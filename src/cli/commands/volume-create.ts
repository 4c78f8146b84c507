import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'volume create',
    usage: 'VOLUME',
    summary: 'Make an empty volume',
    args: { min: 1, max: 1 },
    flags: [],
  },
  async run({ flags, session, out }) {
    const { containers } = await (await session()).engine()
    const name = flags.positional[0] ?? ''
    containers.createVolume(name)
    out(`${name}\n`)
    return 0
  },
}
