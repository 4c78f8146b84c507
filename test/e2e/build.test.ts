import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyBases } from '../support/bases.ts'
import { type Cli, leftovers, writeFiles } from '../support/jettison.ts'

const base = 'debian:bookworm-slim'
let world: string
let jettison: Cli

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-build-'))
  jettison = await copyBases(join(world, 'store'), [base])
})

afterAll(() => {
  const left = leftovers(jettison.store)
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

type Built = { readonly id: string; readonly ran: number; readonly cached: number }

let projects = 0

function project(files: Readonly<Record<string, string>>): string {
  projects += 1
  return writeFiles(join(world, `project-${projects}`), files)
}

async function build(folder: string, ...flags: readonly string[]): Promise<Built> {
  return JSON.parse(await jettison.ok(['build', '--json', ...flags, folder])) as Built
}

/** What a shell in the image prints. */
async function inside(image: string, script: string): Promise<string> {
  const shell = ['--entrypoint', '/bin/sh', image, '-c', script]
  return (await jettison.ok(['run', '--rm', '--network', 'none', ...shell])).trimEnd()
}

type Inspected = {
  readonly Config: Readonly<Record<string, unknown>>
  readonly RootFS: { readonly Layers: readonly string[] }
}

async function inspect(image: string): Promise<Inspected> {
  const [found] = JSON.parse(await jettison.ok(['inspect', image])) as [Inspected]
  return found
}

test('each FROM starts clean, and only the last stage becomes the image', async () => {
  const folder = project({
    Dockerfile: `FROM ${base} AS builder
ENV FROM_BUILDER=1
RUN echo ballast > /ballast && echo made > /made
FROM ${base}
COPY --from=builder /made /made
RUN echo "[$FROM_BUILDER]" > /env && test ! -e /ballast
`,
  })
  const { id } = await build(folder)
  expect(await inside(id, 'cat /made /env; ls /ballast 2>&1 || true')).toMatch(
    /^made\n\[\]\n.*No such/,
  )
  const { RootFS, Config } = await inspect(id)
  const below = (await inspect(base)).RootFS.Layers
  expect(RootFS.Layers.slice(0, below.length)).toEqual(below)
  expect(RootFS.Layers).toHaveLength(below.length + 2)
  expect(JSON.stringify(Config)).not.toContain('FROM_BUILDER')
  expect(await jettison.ok(['history', '--no-trunc', id])).not.toContain('ballast >')
})

test('stages that the target does not need are not run', async () => {
  const folder = project({
    Dockerfile: `FROM ${base} AS broken
RUN exit 7
FROM ${base} AS wanted
RUN echo wanted > /which
FROM wanted AS last
RUN echo last > /which
`,
  })
  expect(await inside((await build(folder)).id, 'cat /which')).toBe('last')
  expect(await inside((await build(folder, '--target', 'wanted')).id, 'cat /which')).toBe('wanted')
  const broken = await jettison.run(['build', '--target', 'broken', folder])
  expect(broken).toMatchObject({ code: 1, stdout: '' })
  expect(broken.stderr).toContain('exit code: 7')
})

test('independent stages run at the same time', async () => {
  const meet = (own: string, other: string): string => `FROM ${base} AS ${own}
RUN --mount=type=cache,id=rendezvous,target=/r touch /r/${own} && \\
    for i in $(seq 900); do [ -e /r/${other} ] && echo met > /${own} && exit 0; sleep 0.1; done; \\
    echo "${own} was alone"; exit 1
`
  const folder = project({
    Dockerfile: `${meet('first', 'second')}${meet('second', 'first')}FROM ${base}
COPY --from=first /first /
COPY --from=second /second /
`,
  })
  expect(await inside((await build(folder)).id, 'cat /first /second')).toBe('met\nmet')
})

test('an ARG before FROM is for FROM alone until a stage asks for it', async () => {
  const folder = project({
    Dockerfile: `ARG TAG=bookworm-slim
ARG SHARED=global
FROM debian:\${TAG} AS one
ARG SHARED
ARG OWN=default
RUN echo "$SHARED $OWN [$TAG]" > /said
FROM debian:\${TAG}
COPY --from=one /said /said
RUN echo "[$SHARED][$OWN]" >> /said
`,
  })
  expect(await inside((await build(folder)).id, 'cat /said')).toBe('global default []\n[][]')
  const given = await build(folder, '--build-arg', 'SHARED=given', '--build-arg', 'OWN=mine')
  expect(await inside(given.id, 'cat /said')).toBe('given mine []\n[][]')
})

test('.dockerignore keeps files out, and an exception brings them back', async () => {
  const folder = project({
    Dockerfile: `FROM ${base}\nCOPY . /all/\n`,
    '.dockerignore': '*.log\nsecret/\n!keep.log\n**/cache\n',
    'a.log': '',
    'keep.log': '',
    'secret/key': '',
    'src/cache/x': '',
    'src/code': '',
  })
  const { id } = await build(folder)
  expect(await inside(id, 'cd /all && find . -type f | sort')).toBe(
    './.dockerignore\n./Dockerfile\n./keep.log\n./src/code',
  )
})

test('an unchanged build runs nothing; contents count and times do not', async () => {
  const folder = project({
    Dockerfile: `FROM ${base}
RUN head -c 16 /dev/urandom > /random
COPY file /file
RUN cat /file > /copied
`,
    file: 'one',
  })
  const first = await build(folder)
  expect(first).toMatchObject({ ran: 3, cached: 0 })
  expect(await build(folder)).toEqual({ ...first, ran: 0, cached: 3 })
  utimesSync(join(folder, 'file'), 1, 1)
  expect(await build(folder)).toEqual({ ...first, ran: 0, cached: 3 })
  appendFileSync(join(folder, 'file'), ' two')
  const second = await build(folder)
  expect(second).toMatchObject({ ran: 2, cached: 1 })
  expect(await inside(second.id, 'cat /copied')).toBe('one two')
  chmodSync(join(folder, 'file'), 0o755)
  expect(await build(folder)).toMatchObject({ ran: 2, cached: 1 })
  expect(await build(folder, '--no-cache')).toMatchObject({ ran: 3, cached: 0 })
})

test('COPY --from stays cached when its stage ran again and made the same', async () => {
  const folder = project({
    Dockerfile: `FROM ${base} AS builder
COPY source /source
RUN grep -c . /source > /count
FROM ${base}
COPY --from=builder /count /count
RUN head -c 16 /dev/urandom > /random
`,
    source: 'a\n',
  })
  const first = await build(folder)
  writeFiles(folder, { source: 'b\n' })
  const second = await build(folder)
  expect(second).toMatchObject({ id: first.id, ran: 2, cached: 2 })
})

test('mounts: bind, cache, secret and tmpfs leave nothing in the layer', async () => {
  const folder = project({
    Dockerfile: `FROM ${base} AS tools
RUN echo from-stage > /tool
FROM ${base}
RUN --mount=type=bind,source=input,target=/mnt/input \\
    --mount=type=bind,from=tools,source=/tool,target=/mnt/tool \\
    cat /mnt/input /mnt/tool > /bound && ! touch /mnt/input
ARG ROUND
RUN --mount=type=cache,target=/cache echo "$ROUND" >> /cache/rounds && cp /cache/rounds /rounds
RUN --mount=type=secret,id=token sha256sum < /run/secrets/token > /seen
RUN --mount=type=tmpfs,target=/scratch echo gone > /scratch/file && stat -f -c %T /scratch > /kind
`,
    input: 'from-context\n',
  })
  const secret = join(world, 'token')
  writeFiles(world, { token: 'hunter2' })
  const flags = ['--secret', `id=token,src=${secret}`]
  await build(folder, '--build-arg', 'ROUND=1', ...flags)
  const { id } = await build(folder, '--build-arg', 'ROUND=2', ...flags)
  expect(await inside(id, 'cat /bound /rounds /kind')).toBe('from-context\nfrom-stage\n1\n2\ntmpfs')
  const sum = execFileSync('sha256sum', { input: 'hunter2', encoding: 'utf8' }).trim()
  expect(await inside(id, 'cat /seen')).toBe(sum)
  // Neither contents nor the places where they were mounted.
  const places = '/mnt/input /mnt/tool /cache /scratch /run/secrets'
  expect(await inside(id, `ls -d ${places} 2>/dev/null || true`)).toBe('')
  // Nothing of the secret is kept, and another value is not another step.
  const trace = execFileSync('sh', ['-c', 'grep -rl hunter2 "$0" || true', jettison.store], {
    encoding: 'utf8',
  })
  expect(trace).toBe('')
  writeFiles(world, { token: 'other' })
  expect(await build(folder, '--build-arg', 'ROUND=2', ...flags)).toMatchObject({ id, ran: 0 })
  const missing = await jettison.run(['build', '--no-cache', '--build-arg', 'ROUND=2', folder])
  expect(missing).toMatchObject({ code: 1 })
})

test('RUN in shell form, exec form, with heredocs and another SHELL', async () => {
  const folder = project({
    Dockerfile: `FROM ${base}
WORKDIR /place/deep
WORKDIR ../here
RUN ["/bin/sh", "-c", "echo exec:$0 > exec", "zero"]
RUN <<EOF
set -e
echo "line one" > heredoc
echo "$PWD" >> heredoc
EOF
RUN <<PERL
#!/usr/bin/perl
open my $f, '>', 'perl'; print $f "perl $]\\n";
PERL
COPY <<one <<two /copied/
first
one
second
two
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN echo "\${BASH_VERSION:+bash}" > shell
USER daemon
RUN id -un > /tmp/who && ! touch /root/no 2>/dev/null
`,
  })
  const { id } = await build(folder)
  expect(await inside(id, 'pwd; cat exec heredoc shell /tmp/who /copied/one /copied/two')).toBe(
    '/place/here\nexec:zero\nline one\n/place/here\nbash\ndaemon\nfirst\nsecond',
  )
  expect(await inside(id, 'cat perl')).toMatch(/^perl 5/)
  expect((await inspect(id)).Config).toMatchObject({
    WorkingDir: '/place/here',
    User: 'daemon',
    Shell: ['/bin/bash', '-o', 'pipefail', '-c'],
  })
})

test('configuration instructions become the configuration of the image', async () => {
  const folder = project({
    Dockerfile: `FROM ${base}
ENV ONE=1 TWO="two words"
LABEL org.example.name=demo version="1 0"
EXPOSE 80 53/udp
VOLUME ["/data"]
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=5s --retries=2 CMD true
ENTRYPOINT ["/bin/echo", "said"]
CMD ["by", "default"]
`,
  })
  const { id } = await build(folder, '--label', 'added=later')
  const { Config } = await inspect(id)
  expect(Config).toMatchObject({
    Env: expect.arrayContaining(['ONE=1', 'TWO=two words']) as unknown,
    Labels: { 'org.example.name': 'demo', version: '1 0', added: 'later' },
    ExposedPorts: { '80/tcp': {}, '53/udp': {} },
    Volumes: { '/data': {} },
    StopSignal: 'SIGQUIT',
    Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5_000_000_000, Retries: 2 },
    Entrypoint: ['/bin/echo', 'said'],
    Cmd: ['by', 'default'],
  })
  const run = ['run', '--rm', '--network', 'none', id]
  expect(await jettison.ok(run)).toBe('said by default\n')
  expect(await jettison.ok([...run, 'something', 'else'])).toBe('said something else\n')
})

test('ONBUILD waits for the image that is built on it', async () => {
  const parent = project({
    Dockerfile: `FROM ${base}
ONBUILD COPY app /app
ONBUILD RUN cat /app > /triggered
RUN test ! -e /triggered
`,
  })
  await build(parent, '-t', 'e2e-onbuild:parent')
  const child = project({
    Dockerfile: 'FROM e2e-onbuild:parent\nRUN cat /triggered\n',
    app: 'mine',
  })
  const { id } = await build(child)
  expect(await inside(id, 'cat /triggered')).toBe('mine')
  expect((await inspect(id)).Config['OnBuild'] ?? null).toBeNull()
})

test('COPY by stage name, stage index and image; owners, modes and globs', async () => {
  const folder = project({
    Dockerfile: `FROM ${base} AS named
RUN echo named > /by-name
FROM ${base}
RUN echo indexed > /by-index
FROM ${base}
COPY --from=named /by-name /from/
COPY --from=1 /by-index /from/
COPY --from=e2e-copy:source /by-image /from/
COPY --chown=daemon:www-data --chmod=640 one.txt /owned
COPY --chown=12:34 folder /folder
COPY *.txt folder/[ab]* /globbed/
ADD archive.tar.gz /unpacked/
`,
    'one.txt': '1',
    'two.txt': '2',
    'other.md': '',
    'folder/alpha': 'a',
    'folder/beta': 'b',
    'folder/gamma': 'c',
    'packed/inner/file': 'from the archive',
  })
  const source = project({ Dockerfile: `FROM ${base}\nRUN echo imaged > /by-image\n` })
  await build(source, '-t', 'e2e-copy:source')
  execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', join(folder, 'packed'), '.'])
  const { id } = await build(folder)
  expect(await inside(id, 'cat /from/*')).toBe('imaged\nindexed\nnamed')
  expect(await inside(id, 'stat -c "%U:%G %a" /owned; stat -c %u:%g /folder /folder/beta')).toBe(
    'daemon:www-data 640\n12:34\n12:34',
  )
  expect(await inside(id, 'ls /globbed; cat /unpacked/inner/file')).toBe(
    'alpha\nbeta\none.txt\ntwo.txt\nfrom the archive',
  )
})

test("RUN is contained: Docker's capabilities, hidden kernel files, own processes, no mounts", async () => {
  const folder = project({
    Dockerfile: `FROM ${base}
RUN sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status > /capabilities
RUN ls /proc | grep -c '^[0-9]' > /processes
RUN head -c 1 /proc/kcore | wc -c > /kcore; ! echo 1 > /proc/sys/kernel/sysrq
RUN ! mount -t tmpfs none /mnt 2>/dev/null
`,
  })
  const { id } = await build(folder)
  const docker = [
    'chown',
    'dac_override',
    'fowner',
    'fsetid',
    'kill',
    'setgid',
    'setuid',
    'setpcap',
  ]
  const more = ['net_bind_service', 'net_raw', 'sys_chroot', 'mknod', 'audit_write', 'setfcap']
  const names = await inside(id, 'cat /capabilities')
  expect(capabilities(names)).toEqual(new Set([...docker, ...more]))
  expect(Number(await inside(id, 'cat /processes'))).toBeLessThan(6)
  expect(await inside(id, 'cat /kcore')).toBe('0')
})

/** Names of a capability mask, by the numbers of capability.h. */
function capabilities(mask: string): ReadonlySet<string> {
  const names = [
    ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid'],
    ...['setpcap', 'linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw'],
    ...[
      'ipc_lock',
      'ipc_owner',
      'sys_module',
      'sys_rawio',
      'sys_chroot',
      'sys_ptrace',
      'sys_pacct',
    ],
    ...['sys_admin', 'sys_boot', 'sys_nice', 'sys_resource', 'sys_time', 'sys_tty_config', 'mknod'],
    ...['lease', 'audit_write', 'audit_control', 'setfcap', 'mac_override', 'mac_admin', 'syslog'],
    ...['wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf', 'checkpoint_restore'],
  ]
  const bits = BigInt(`0x${mask}`)
  return new Set(names.filter((_name, bit) => (bits >> BigInt(bit)) & 1n))
}
