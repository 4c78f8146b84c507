import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'
import { exposedPorts } from './exposed-ports.ts'

export const exposeProtoCasing: Rule = {
  id: 'ExposeProtoCasing',
  description: 'Protocol in EXPOSE instruction should be lowercase',
  url: dockerPage('expose-proto-casing'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { instruction, text, range, port } of exposedPorts(facts)) {
      if (port.protocol === port.protocol.toLowerCase()) continue
      const fixed = text.replace(/\/\w+$/, (protocol) => protocol.toLowerCase())
      yield {
        message: `Defined protocol '${text}' in EXPOSE instruction should be lowercase`,
        instruction,
        ...(range === null
          ? {}
          : {
              range,
              fix: { title: `Write ${fixed}`, safety: 'safe', edits: [{ range, text: fixed }] },
            }),
      }
    }
  },
}
