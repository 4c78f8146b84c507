import { explainCode } from '../../app/index.ts'
import type { Command } from '../command.ts'

export const command: Command = {
  spec: {
    name: 'explain',
    usage: 'CODE',
    summary:
      'Show the page of an error code, a rung (P0 to P10), a policy, a refusal or a lint rule',
    args: { min: 1, max: 1 },
    flags: [],
  },
  async run({ flags, out, json }) {
    const text = explainCode(flags.positional[0] ?? '')
    out(json ? `${JSON.stringify({ code: flags.positional[0], text })}\n` : `${text}\n`)
    return 0
  },
}
