import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  atOnce,
  lastReport,
  type PageSubject,
  pageOfImages,
  readReport,
  reportPage,
  type Session,
  subjectOfReport,
  writePage,
} from '../../app/index.ts'
import type { Command } from '../command.ts'
import type { ParsedFlags } from '../flags.ts'
import { openBrowser } from '../open-browser.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'
import { version } from '../version.ts'

export const command: Command = {
  spec: {
    name: 'report',
    usage: '[OPTIONS] [REPORT.json | IMAGE [IMAGE]]',
    summary:
      'Write the report page, one HTML file: of the last slim, of a report that slim --json printed, or of one or two images',
    args: { min: 0, max: 2 },
    flags: [
      sourceFlag,
      {
        long: 'output',
        short: 'o',
        kind: 'string',
        value: 'FILE',
        help: 'Where to write it (default: jettison-report.html)',
      },
      { long: 'open', kind: 'bool', help: 'Open it in the browser' },
    ],
  },
  async run({ flags, session, out, err, json, cwd }) {
    const open = await session()
    const shown = await subject(open, flags, cwd)
    const html = await atOnce(open, () => reportPage(shown, version()))
    const path = writePage(cwd, flags.text('output') ?? 'jettison-report.html', html)
    out(json ? `${JSON.stringify({ path, bytes: Buffer.byteLength(html) })}\n` : `${path}\n`)
    if (flags.bool('open') && !(await openBrowser(pathToFileURL(path).href)))
      err(`no browser could be started; open ${path} yourself\n`)
    return 0
  },
}

async function subject(session: Session, flags: ParsedFlags, cwd: string): Promise<PageSubject> {
  const [first, second] = flags.positional
  if (first === undefined) {
    const { title, report } = lastReport(session)
    return subjectOfReport(session, title, report)
  }
  if (second === undefined && first.endsWith('.json'))
    return subjectOfReport(session, basename(first, '.json'), readReport(resolve(cwd, first)))
  const [before = '', after] = sourcedNames(flags)
  return pageOfImages(session, before, after, cwd)
}
