import { pruneContainers } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'container prune',
    usage: '[OPTIONS]',
    summary: 'Remove ended containers',
    args: { min: 0, max: 0 },
    flags: [{ long: 'force', short: 'f', kind: 'bool', help: 'Do not ask (jettison never asks)' }],
  },
  async run({ session, out }) {
    for (const id of await pruneContainers(await session())) out(`${id}\n`)
    return 0
  },
}
