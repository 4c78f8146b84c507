import { writeFileSync } from 'node:fs'
import {
  type BuildInput,
  buildInput,
  onlyPushed,
  openInput,
  parseCacheSource,
  parseCacheTarget,
  type Session,
  takesStdout,
  type Ulimit,
  writeOutputs,
} from '../../app/index.ts'
import { Fault } from '../../base/index.ts'
import { answerCall, readCall } from '../build-call.ts'
import { buildWarnings } from '../build-checks.ts'
import { buildFlags } from '../build-flags.ts'
import { buildMetadata } from '../build-metadata.ts'
import {
  checkPlatform,
  readEntitlements,
  readHost,
  readSecret,
  readSize,
  readSsh,
  readUlimit,
} from '../build-values.ts'
import type { Command, CommandContext } from '../command.ts'
import type { ParsedFlags } from '../flags.ts'
import { keyValues } from '../key-values.ts'
import { outputsOf } from '../outputs.ts'
import { stdinUntil } from '../stdin.ts'

export const command: Command = {
  spec: {
    name: 'build',
    aliases: ['image build'],
    usage: '[OPTIONS] PATH | URL | -',
    summary: 'Build an image from a Dockerfile, without a daemon',
    args: { min: 1, max: 1 },
    flags: buildFlags,
  },
  async run(context) {
    const { flags, cwd, json, out } = context
    checkPlatform(flags.text('platform'))
    const call = readCall(flags.text('call'), flags.bool('check'))
    const session = await context.session()
    // As buildx: the variable of the environment is the build argument of the same name.
    const args = {
      ...keyValues(['SOURCE_DATE_EPOCH'], process.env),
      ...keyValues(flags.list('build-arg'), process.env),
    }
    const input = await openInput(session, {
      context: flags.positional[0] ?? '.',
      file: flags.text('file'),
      cwd,
      stdin: stdinUntil(context.signal),
      keepGitDir: /^(?:1|t|true)$/i.test(args['BUILDKIT_CONTEXT_KEEP_GIT_DIR'] ?? ''),
    })
    try {
      if (call.method === 'build') return await runBuild(context, session, input, args)
      const target = flags.text('target') ?? null
      const { text, exitCode } = answerCall(session, input, call, { target, args, json })
      out(text)
      return exitCode
    } finally {
      input.close()
    }
  },
}

async function runBuild(
  { flags, settings, json, out, err, cwd }: CommandContext,
  session: Session,
  input: BuildInput,
  args: Readonly<Record<string, string>>,
): Promise<number> {
  const target = flags.text('target') ?? null
  const tags = flags.list('tag')
  const outputs = outputsOf(flags)
  const building = buildInput(session, input, {
    ...{ cwd, target, args },
    tags,
    labels: keyValues(flags.list('label'), process.env),
    secrets: new Map(flags.list('secret').map(readSecret)),
    ssh: new Map(flags.list('ssh').map(readSsh)),
    ...networkOf(flags),
    addHosts: flags.list('add-host').map(readHost),
    ...limitsOf(flags),
    keep: !onlyPushed(outputs),
    noCache: flags.bool('no-cache'),
    pull: flags.bool('pull'),
    why: flags.bool('why'),
    noCacheStages: flags.list('no-cache-filter').flatMap((text) => text.split(',')),
    contexts: flags.list('build-context'),
    cacheFrom: flags.list('cache-from').map(parseCacheSource),
    cacheTo: flags.list('cache-to').map(parseCacheTarget),
  })
  const result = await building.finally(() => {
    if (settings.progress === 'quiet' || settings.progress === 'json') return
    const { dockerfile, ignoreFile, root } = input
    const where = { path: root, cwd: root, dockerfile, ignoreFile, args }
    err(buildWarnings(session, { ...where, target: target ?? '' }))
  })
  const file = flags.text('iidfile')
  if (file) writeFileSync(file, result.image.id)
  const { ran, cached, image } = result
  const sent = await writeOutputs(session, result, outputs, { tags, stdout: process.stdout })
  const metadata = flags.text('metadata-file')
  if (metadata) writeFileSync(metadata, buildMetadata(session, sent, tags))
  if (takesStdout(outputs)) return 0
  if (!json) out(`${image.id}\n`)
  else out(`${JSON.stringify({ id: image.id, tags, ran, cached }, null, 2)}\n`)
  return 0
}

function limitsOf(flags: ParsedFlags): {
  readonly shmSize?: number
  readonly ulimits: readonly Ulimit[]
} {
  const text = flags.text('shm-size')
  const ulimits = flags.list('ulimit').map(readUlimit)
  return text === undefined ? { ulimits } : { shmSize: readSize(text), ulimits }
}

/** `--network host` allows a RUN to ask for it by name, too (buildx). @throws Fault USAGE */
function networkOf(flags: ParsedFlags): {
  readonly network: 'host' | 'none'
  readonly entitlements: readonly string[]
} {
  const entitlements = readEntitlements(flags.list('allow'))
  const network = flags.text('network')
  if (network === 'none') return { network, entitlements }
  if (network === 'host') return { network, entitlements: [...entitlements, 'network.host'] }
  if (network === undefined || network === 'default') return { network: 'host', entitlements }
  throw new Fault('USAGE', `network mode ${network} is not supported`, {
    kind: 'invalid',
    hint: 'use host or none',
  })
}
