import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'
import { exposedPorts } from './exposed-ports.ts'

export const exposeInvalidFormat: Rule = {
  id: 'ExposeInvalidFormat',
  description:
    'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
  url: dockerPage('expose-invalid-format'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { instruction, text, range, port } of exposedPorts(facts)) {
      if (port.address === '' && port.host === '') continue
      const fixed = text.slice(text.lastIndexOf(':') + 1)
      yield {
        message: `EXPOSE instruction should not define an IP address or host-port mapping, found '${text}'`,
        instruction,
        ...(range === null
          ? {}
          : {
              range,
              // BuildKit drops the rest anyway.
              fix: { title: `Write ${fixed}`, safety: 'safe', edits: [{ range, text: fixed }] },
            }),
      }
    }
  },
}
