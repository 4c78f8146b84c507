import { writeFileSync } from 'node:fs'
import { build, checkFile, readUserFile, takesStdout, writeOutputs } from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import { buildWarnings } from '../build-checks.ts'
import type { Command } from '../command.ts'
import { dockerfileOf } from '../dockerfile-stdin.ts'
import { keyValues } from '../key-values.ts'
import { lintDocument, lintExitCode, lintText } from '../lint-output.ts'
import { outputFlags, outputsOf } from '../outputs.ts'

export const command: Command = {
  spec: {
    name: 'build',
    aliases: ['image build'],
    usage: '[OPTIONS] PATH | -',
    summary: 'Build an image from a Dockerfile, without a daemon',
    args: { min: 1, max: 1 },
    flags: [
      {
        long: 'tag',
        short: 't',
        kind: 'list',
        value: 'NAME',
        help: 'Name and optionally tag: name:tag (repeatable)',
      },
      {
        long: 'file',
        short: 'f',
        kind: 'string',
        value: 'FILE',
        help: 'Name of the Dockerfile (default: PATH/Dockerfile); - is standard input',
      },
      {
        long: 'target',
        kind: 'string',
        value: 'STAGE',
        help: 'Set the target build stage to build',
      },
      {
        long: 'build-arg',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Set build-time variables (repeatable)',
      },
      {
        long: 'label',
        kind: 'list',
        value: 'NAME=VALUE',
        help: 'Set metadata for an image (repeatable)',
      },
      {
        long: 'secret',
        kind: 'list',
        value: 'id=ID,src=FILE',
        help: 'Secret to expose to the build (repeatable)',
      },
      { long: 'network', kind: 'string', value: 'MODE', help: 'host (default) or none, for RUN' },
      {
        long: 'add-host',
        kind: 'list',
        value: 'NAME:IP',
        help: 'Add a line to /etc/hosts of RUN (repeatable)',
      },
      {
        long: 'check',
        kind: 'bool',
        help: 'Check the Dockerfile only: print the warnings and build nothing',
      },
      { long: 'no-cache', kind: 'bool', help: 'Do not use the cache' },
      { long: 'why', kind: 'bool', help: 'Say why each step that runs was not in the cache' },
      {
        long: 'no-cache-filter',
        kind: 'list',
        value: 'STAGE',
        help: 'Do not use the cache for these stages (repeatable)',
      },
      {
        long: 'build-context',
        kind: 'list',
        value: 'NAME=PATH',
        help: 'A folder or docker-image://NAME in the place of an image or stage (repeatable)',
      },
      {
        long: 'allow',
        kind: 'list',
        value: 'NAME',
        help: 'Allow what a RUN asks for beyond the sandbox: security.insecure (repeatable)',
      },
      ...outputFlags,
      { long: 'iidfile', kind: 'string', value: 'FILE', help: 'Write the image ID to the file' },
      { long: 'quiet', short: 'q', kind: 'bool', help: 'Print the image ID only' },
    ],
  },
  async run({ flags, session, out, err, json, cwd, settings }) {
    const open = await session()
    const named = await dockerfileOf(flags.positional[0] ?? '.', flags.text('file'), process.stdin)
    const checked = {
      path: named.path ?? '.',
      file: named.file,
      dockerfile: named.dockerfile,
      ...(named.path === null ? { ignoreFile: null } : {}),
      cwd,
      // As buildx: the variable of the environment is the build argument of the same name.
      args: {
        ...keyValues(['SOURCE_DATE_EPOCH'], process.env),
        ...keyValues(flags.list('build-arg'), process.env),
      },
    } as const
    if (flags.bool('check')) {
      const linted = checkFile(open, { ...checked, target: flags.text('target') })
      out(json ? `${JSON.stringify(lintDocument(linted), null, 2)}\n` : lintText(linted))
      return lintExitCode(linted)
    }
    const network = flags.text('network') ?? 'host'
    if (network !== 'host' && network !== 'none' && network !== 'default')
      throw new Fault('USAGE', `network mode ${network} is not supported`, {
        kind: 'invalid',
        hint: 'use host or none',
      })
    const outputs = outputsOf(flags)
    const building = build(open, {
      context: named.path,
      file: named.file,
      dockerfile: named.dockerfile,
      cwd,
      tags: flags.list('tag'),
      target: flags.text('target') ?? null,
      args: checked.args,
      labels: keyValues(flags.list('label'), process.env),
      secrets: new Map(flags.list('secret').map(readSecret)),
      network: network === 'none' ? 'none' : 'host',
      addHosts: flags.list('add-host'),
      noCache: flags.bool('no-cache'),
      why: flags.bool('why'),
      noCacheStages: flags.list('no-cache-filter').flatMap((text) => text.split(',')),
      contexts: flags.list('build-context'),
      entitlements: flags.list('allow').flatMap((text) => text.split(',')),
    })
    const result = await building.finally(() => {
      if (settings.progress !== 'quiet' && settings.progress !== 'json')
        err(buildWarnings(open, { ...checked, target: flags.text('target') ?? '' }))
    })
    const file = flags.text('iidfile')
    if (file) writeFileSync(file, result.image.id)
    const tags = flags.list('tag')
    await writeOutputs(open, result.image, outputs, { tags, stdout: process.stdout })
    if (takesStdout(outputs)) return 0
    if (json)
      out(
        `${JSON.stringify({ id: result.image.id, tags: flags.list('tag'), ran: result.ran, cached: result.cached }, null, 2)}\n`,
      )
    else out(`${result.image.id}\n`)
    return 0
  },
}

function readSecret(text: string): [string, Uint8Array] {
  const options = new Map(
    text
      .split(',')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  const id = options.get('id') ?? ''
  const env = options.get('env')
  const file = options.get('src') ?? options.get('source') ?? id
  if (id === '')
    throw new Fault('USAGE', `--secret ${text} has no id`, {
      kind: 'invalid',
      hint: 'write --secret id=mysecret,src=FILE',
    })
  if (env !== undefined) return [id, new TextEncoder().encode(process.env[env] ?? '')]
  return [id, readUserFile(file, { code: 'SECRET_UNREADABLE', what: `open ${file}` })]
}
