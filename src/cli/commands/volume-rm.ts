import type { Command } from '../command.ts'
import { forEachName } from '../each.ts'

export const command: Command = {
  spec: {
    name: 'volume rm',
    usage: 'VOLUME [VOLUME...]',
    summary: 'Remove volumes that no container mounts',
    args: { min: 1, max: Number.POSITIVE_INFINITY },
    flags: [{ long: 'force', short: 'f', kind: 'bool', help: 'One that is not there is no error' }],
  },
  async run({ flags, session, out, err }) {
    const { containers } = await (await session()).engine()
    return forEachName(flags.positional, err, (name) => {
      const missing = !containers.volumes().some((volume) => volume.name === name)
      if (!(missing && flags.bool('force'))) containers.removeVolume(name)
      out(`${name}\n`)
    })
  },
}
