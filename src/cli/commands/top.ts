import type { Command } from '../command.ts'
import { table } from '../table.ts'

export const command: Command = {
  spec: {
    name: 'top',
    aliases: ['container top'],
    usage: 'CONTAINER',
    summary: 'Show the processes of a running container',
    args: { min: 1, max: 1 },
    flags: [],
  },
  async run({ flags, session, out, json }) {
    const { containers } = await (await session()).engine()
    const processes = containers.processes(flags.positional[0] ?? '')
    if (json) {
      out(`${JSON.stringify(processes, null, 2)}\n`)
      return 0
    }
    const rows = processes.map(({ uid, pid, parent, started, terminal, time, command }) => [
      String(uid),
      String(pid),
      String(parent),
      new Date(started * 1000).toTimeString().slice(0, 5),
      terminal,
      new Date(time * 1000).toISOString().slice(11, 19),
      command,
    ])
    out(table(['UID', 'PID', 'PPID', 'STIME', 'TTY', 'TIME', 'CMD'], rows))
    return 0
  },
}
