import { logIn } from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { ask } from '../prompt.ts'
import { stdinUntil } from '../stdin.ts'

export const command: Command = {
  spec: {
    name: 'login',
    usage: '[OPTIONS] [SERVER]',
    summary: 'Log in to a registry; kept where Docker keeps its logins',
    args: { min: 0, max: 1 },
    flags: [
      { long: 'username', short: 'u', kind: 'string', value: 'NAME', help: 'Name' },
      { long: 'password', short: 'p', kind: 'string', value: 'TEXT', help: 'Password or token' },
      { long: 'password-stdin', kind: 'bool', help: 'Read the password from stdin' },
    ],
  },
  async run(context) {
    const { flags, settings, signal, out } = context
    const username = flags.text('username') || (await ask('Username: ', { hidden: false, signal }))
    const password = await passwordOf(context)
    const server = flags.positional[0]
    const { registry } = await logIn({ settings, signal }, { server, username, password })
    out(context.json ? `${JSON.stringify({ registry })}\n` : 'Login Succeeded\n')
    return 0
  },
}

async function passwordOf({ flags, signal, err }: CommandContext): Promise<string> {
  const given = flags.text('password')
  if (given !== undefined) {
    if (flags.bool('password-stdin'))
      throw new Fault('USAGE', '--password and --password-stdin exclude each other', {
        kind: 'invalid',
        hint: 'take --password-stdin',
      })
    err('WARNING: other users can see a --password on the command line; use --password-stdin\n')
    return given
  }
  if (!flags.bool('password-stdin')) return await ask('Password: ', { hidden: true, signal })
  let text = ''
  for await (const chunk of stdinUntil(signal).setEncoding('utf8')) text += String(chunk)
  return text.replace(/\r?\n$/, '')
}
