import { examine } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { painter } from '../terminal.ts'

export const command: Command = {
  spec: {
    name: 'doctor',
    usage: '',
    summary: 'Say what this machine allows, what jettison chose, and what would unlock more',
    args: { min: 0, max: 0 },
    flags: [],
  },
  async run({ session, out, json, settings }) {
    const findings = await examine(await session())
    if (json) {
      out(`${JSON.stringify(findings, null, 2)}\n`)
      return 0
    }
    const paint = painter(settings.color ?? process.stdout.isTTY === true)
    for (const { ok, name, found, unlock } of findings)
      out(
        `${ok ? paint('green', '✔') : paint('yellow', '–')} ${name.padEnd(22)} ${found}${unlock === null ? '' : `\n  ${' '.repeat(22)} unlock: ${unlock}`}\n`,
      )
    return 0
  },
}
