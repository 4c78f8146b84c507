import { analyzeNamed } from '../../app/index.ts'
import { analysisText } from '../analysis-text.ts'
import type { Command } from '../command.ts'
import { outView } from '../out-view.ts'
import { sourcedNames, sourceFlag } from '../source-flag.ts'

export const command: Command = {
  spec: {
    name: 'analyze',
    usage: '[OPTIONS] IMAGE',
    summary:
      'Say what each byte of an image is and where it comes from. IMAGE is in the store, in a Docker Engine\n(docker-daemon:NAME) or a registry (docker://NAME; streamed, and not kept), or an archive or layout on disk (a path,\ndocker-archive:FILE, oci-archive:FILE, oci:DIR)',
    args: { min: 1, max: 1 },
    flags: [sourceFlag],
  },
  async run({ flags, session, out, json, cwd, settings }) {
    const analysis = await analyzeNamed(await session(), sourcedNames(flags)[0] ?? '', cwd)
    if (json) out(`${JSON.stringify(analysis, null, 2)}\n`)
    else out(analysisText(analysis, outView(settings)))
    return 0
  },
}
