import { constants } from 'node:os'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'monitor',
    usage: 'ID',
    summary: 'Own a detached container until it ends (started by run -d)',
    args: { min: 1, max: 1 },
    flags: [],
  },
  async run({ flags, session, redirectSignals }) {
    const open = await session()
    const { containers } = await open.engine()
    const container = await containers.monitor(flags.positional[0] ?? '')
    // It lives for days: what it uses is that of a container, which nobody prunes.
    open.store.settle()
    redirectSignals((name) => container.kill(constants.signals[name]))
    await container.ended
    return 0
  },
}
