import { copyFiles } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { stdinUntil } from '../stdin.ts'

export const command: Command = {
  spec: {
    name: 'cp',
    aliases: ['container cp'],
    usage: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|- | SRC_PATH|- CONTAINER:DEST_PATH',
    summary: 'Copy files between a container, running or not, and this machine',
    args: { min: 2, max: 2 },
    flags: [
      { long: 'archive', short: 'a', kind: 'bool', help: 'Keep the owners of the files' },
      { long: 'follow-link', short: 'L', kind: 'bool', help: 'Copy what SRC_PATH links to' },
    ],
  },
  async run({ flags, session, cwd, signal }) {
    const [from = '', to = ''] = flags.positional
    await copyFiles(await session(), {
      ...{ from, to, cwd, stdin: stdinUntil(signal), stdout: process.stdout },
      followLink: flags.bool('follow-link'),
      archive: flags.bool('archive'),
    })
    return 0
  },
}
