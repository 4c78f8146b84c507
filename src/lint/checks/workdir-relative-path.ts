import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const workdirRelativePath: Rule = {
  id: 'WorkdirRelativePath',
  description:
    'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
  url: dockerPage('workdir-relative-path'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ visible }) {
    for (const { instruction, words, workdirSet } of visible.flatMap(
      ({ instructions }) => instructions,
    )) {
      const [path = ''] = words
      // Only the first one matters: those after it are relative to it.
      if (instruction.kind !== 'workdir' || workdirSet || path.startsWith('/')) continue
      const { range } = instruction.path
      yield {
        message: `Relative workdir ${JSON.stringify(path)} can have unexpected results if the base image changes`,
        instruction,
        range,
        fix: {
          title: `Write /${path}, if the base image has no other WORKDIR`,
          safety: 'unsafe',
          edits: [{ range: { start: range.start, end: range.start }, text: '/' }],
        },
      }
    }
  },
}
