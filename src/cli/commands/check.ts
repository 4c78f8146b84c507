import { check } from '../../app/index.ts'
import type { Command } from '../command.ts'
import { painter } from '../terminal.ts'

export const command: Command = {
  spec: {
    name: 'check',
    usage: '[OPTIONS] [PATH | IMAGE]',
    summary:
      'Gate an image and its Dockerfile with the policies of jettison.yaml. Exit 1 on a finding, 3 when a policy examined nothing',
    args: { min: 0, max: 1 },
    flags: [
      {
        long: 'file',
        short: 'f',
        kind: 'string',
        value: 'FILE',
        help: 'The Dockerfile (default: Dockerfile in PATH)',
      },
      {
        long: 'policy',
        kind: 'string',
        value: 'FILE',
        help: 'The policy file (default: jettison.yaml, searched upward)',
      },
      {
        long: 'image',
        kind: 'string',
        value: 'IMAGE',
        help: 'Judge this image instead of building PATH',
      },
    ],
  },
  async run({ flags, session, out, json, cwd, settings }) {
    const { result, policyFile, image } = await check(await session(), {
      target: flags.positional[0] ?? '.',
      file: flags.text('file'),
      policy: flags.text('policy'),
      image: flags.text('image'),
      cwd,
    })
    const code = result.pass ? 0 : result.undecided ? 3 : 1
    if (json) {
      out(
        `${JSON.stringify({ version: 1, policyFile: policyFile.path, image: image && { reference: image.name, id: image.image.id }, pass: result.pass, results: result.results }, null, 2)}\n`,
      )
      return code
    }
    const paint = painter(settings.color ?? process.stdout.isTTY === true)
    for (const item of result.results) {
      const mark = {
        pass: paint('green', '✔ pass'),
        fail: paint('red', '✖ fail'),
        skip: paint('yellow', '– skip'),
      }[item.status]
      out(`${mark}  ${item.id}  ${item.title}: ${item.found}\n`)
      if (item.status === 'pass') continue
      out(
        `        allowed  ${item.allowed}\n${item.evidence
          .slice(0, 8)
          .map((line) => `        found    ${line.replace(/\s+/g, ' ').slice(0, 200)}\n`)
          .join('')}        why      ${item.why}\n        fix      ${item.fix}\n`,
      )
    }
    const count = (status: string): number =>
      result.results.filter((item) => item.status === status).length
    out(
      `\n${result.pass ? paint('green', 'PASS') : result.undecided ? paint('yellow', 'UNDECIDED') : paint('red', 'FAIL')}  ${count('pass')} passed, ${count('fail')} failed, ${count('skip')} not evaluable  (${policyFile.path})\n`,
    )
    return code
  },
}
