import { logOut } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'logout',
    usage: '[SERVER]',
    summary: 'Forget the login to a registry',
    args: { min: 0, max: 1 },
    flags: [],
  },
  async run({ flags, settings, signal, out, json }) {
    const { registry, known } = await logOut({ settings, signal }, flags.positional[0])
    if (json) out(`${JSON.stringify({ registry, known })}\n`)
    else
      out(known ? `Removing login credentials for ${registry}\n` : `Not logged in to ${registry}\n`)
    return 0
  },
}
