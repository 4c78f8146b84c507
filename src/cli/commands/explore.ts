import { atOnce, pageOfImages, reportPage, servePage } from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import type { Command } from '../command.ts'
import { openBrowser } from '../open-browser.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'
import { version } from '../version.ts'

export const command: Command = {
  spec: {
    name: 'explore',
    usage: '[OPTIONS] IMAGE [IMAGE]',
    summary:
      'Look into an image, or two side by side, in the browser: the report page, served on 127.0.0.1 until stopped',
    args: { min: 1, max: 2 },
    flags: [
      sourceFlag,
      {
        long: 'port',
        kind: 'string',
        value: 'PORT',
        help: 'Port to listen on (default: any free one)',
      },
      { long: 'open', kind: 'bool', help: 'Open it in the browser' },
    ],
  },
  async run({ flags, session, out, json, signal, err, cwd }) {
    const open = await session()
    const [first = '', second] = sourcedNames(flags)
    const port = Number(flags.text('port') ?? 0)
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Fault('USAGE', `--port ${flags.text('port')} is no port`, { kind: 'invalid' })
    const subject = await pageOfImages(open, first, second, cwd)
    const html = await atOnce(open, () => reportPage(subject, version()))
    await servePage(html, port, signal, (url) => {
      out(json ? `${JSON.stringify({ url })}\n` : `${url}\n`)
      err('Ctrl+C stops it\n')
      if (flags.bool('open'))
        void openBrowser(url).then((started) => {
          if (!started) err(`no browser could be started; open ${url} yourself\n`)
        })
    })
    return 0
  },
}
