import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'fsck',
    usage: '',
    summary: 'Check every blob, layer and record of the store',
    args: { min: 0, max: 0 },
    flags: [],
  },
  async run({ session, out, json, signal }) {
    const { store } = await session()
    const faults = await store.fsck({ signal })
    if (json) out(`${JSON.stringify({ faults }, null, 2)}\n`)
    else out(faults.length === 0 ? 'clean\n' : faults.map((fault) => `${fault}\n`).join(''))
    return faults.length === 0 ? 0 : 1
  },
}
