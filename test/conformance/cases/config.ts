import type { Case } from './types.ts'

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Configuration, history and cache. */
export const configCases: readonly Case[] = [
  {
    name: 'CMD and ENTRYPOINT: an inherited CMD is cleared, one of the same stage is not, [] clears',
    refs: [
      'testCmdShell',
      'TestBuildCleanupCmdOnEntrypoint',
      'TestBuildClearCmd',
      'TestBuildEmptyEntrypoint',
      'gotcha 94',
    ],
    steps: [
      {
        dockerfile: 'FROM busybox\nENTRYPOINT ["x"]\n',
        config: { Entrypoint: ['x'], Cmd: null as never },
      },
      {
        dockerfile: 'FROM busybox\nCMD ["y"]\nENTRYPOINT ["x"]\n',
        config: { Entrypoint: ['x'], Cmd: ['y'], ArgsEscaped: true },
      },
      {
        dockerfile: 'FROM busybox AS a\nCMD ["y"]\nFROM a\nENTRYPOINT my entry\n',
        config: { Entrypoint: ['/bin/sh', '-c', 'my entry'], Cmd: null as never },
      },
    ],
  },
  {
    name: 'EXPOSE: variables with several ports, ranges, protocols, mappings',
    refs: [
      'testExposeExpansion',
      'TestParsePortsWithRange',
      'testExposeInvalidFormat',
      'gotcha 96',
    ],
    steps: [
      {
        dockerfile:
          'FROM scratch\nARG PORTS="3000 4000/udp"\nEXPOSE $PORTS\nEXPOSE 5000 6000-6002/UDP\nEXPOSE 127.0.0.1:80:8080/tcp 90:9090\n',
        config: {
          ExposedPorts: {
            '3000/tcp': {},
            '4000/udp': {},
            '5000/tcp': {},
            '6000/udp': {},
            '6001/udp': {},
            '6002/udp': {},
            '8080/tcp': {},
            '9090/tcp': {},
          },
        },
        history: [
          '-ARG PORTS=3000 4000/udp',
          '-EXPOSE [3000/tcp 4000/udp]',
          '-EXPOSE [5000/tcp 6000/udp 6001/udp 6002/udp]',
          '-EXPOSE [8080/tcp 9090/tcp]',
        ],
      },
      { dockerfile: 'FROM scratch\nEXPOSE eighty\n', refused: /invalid containerPort: eighty/ },
      { dockerfile: 'FROM scratch\nEXPOSE 80/http\n', refused: /invalid proto: http|invalid port/ },
    ],
    older: '20.10 writes another history',
  },
  {
    name: 'HEALTHCHECK: forms, durations, NONE, what is wrong',
    refs: [
      'TestHealthCheckCmd',
      'TestParseOptInterval',
      'TestDispatchHealthcheckHistory',
      'gotcha 97',
    ],
    steps: [
      {
        dockerfile:
          'FROM scratch\nHEALTHCHECK --interval=5s --timeout=1m30s --start-period=500ms --start-interval=1s --retries=3 CMD curl -f http://x/\n',
        config: {
          Healthcheck: {
            Test: ['CMD-SHELL', 'curl -f http://x/'],
            Interval: 5e9,
            Timeout: 90e9,
            StartPeriod: 5e8,
            StartInterval: 1e9,
            Retries: 3,
          },
        },
      },
      {
        dockerfile: 'FROM scratch\nHEALTHCHECK CMD ["a","b"]\n',
        config: { Healthcheck: { Test: ['CMD', 'a', 'b'] } },
      },
      {
        dockerfile: 'FROM scratch\nHEALTHCHECK NONE\n',
        config: { Healthcheck: { Test: ['NONE'] } },
      },
      {
        dockerfile: 'FROM scratch\nHEALTHCHECK CMD\n',
        refused: /Missing command after HEALTHCHECK CMD/,
      },
      {
        dockerfile: 'FROM scratch\nHEALTHCHECK NONE x\n',
        refused: /HEALTHCHECK NONE takes no arguments/,
      },
      {
        dockerfile: 'FROM scratch\nHEALTHCHECK --interval=50ns CMD x\n',
        refused: /cannot be less than 1ms/,
      },
      {
        dockerfile: 'FROM scratch\nHEALTHCHECK --retries=-1 CMD x\n',
        refused: /--retries cannot be negative/,
      },
    ],
    older: '20.10 has no start-interval',
  },
  {
    name: 'VOLUME only declares: nothing is made, later writes stay',
    refs: [
      'TestBuildVolumesRetainContents',
      'TestBuildNoNamedVolume',
      'TestBuildEmptyStringVolume',
      'Dockerfile_test_volume_2',
      'gotcha 98',
    ],
    steps: [
      {
        dockerfile:
          'FROM busybox\nENV V=/v3\nRUN mkdir /v1 && echo a > /v1/a\nVOLUME /v1 /v2\nVOLUME ["$V", "name:/v4"]\nRUN echo b > /v1/b && [ ! -e /v2 ]\n',
        files: { '/v1/a': 'a\n', '/v1/b': 'b\n' },
        config: { Volumes: { '/v1': {}, '/v2': {}, '/v3': {}, 'name:/v4': {} } },
      },
      {
        dockerfile: 'FROM busybox\nVOLUME [""]\n',
        refused: /VOLUME specified can not be an empty string/,
      },
    ],
  },
  {
    name: 'LABEL: quoting, expansion, the last wins, --label above all',
    refs: ['testLabels', 'TestBuildLabelsOverride', 'Dockerfile_test_label', 'gotcha 100'],
    steps: [
      {
        dockerfile:
          'FROM scratch\nENV l=expanded\nLABEL foo=bar "q uoted"="v $l" $l=k\nLABEL foo=baz legacy some value\n',
        labels: { foo: 'cli', more: 'm' },
        refused: /must have two arguments|Syntax error|can't find =/i,
      },
      {
        dockerfile:
          'FROM scratch\nENV l=expanded\nLABEL foo=bar "q uoted"="v $l" $l=k\nLABEL foo=baz\nLABEL legacy some value\n',
        labels: { foo: 'cli', more: 'm' },
        config: {
          Labels: {
            foo: 'cli',
            'q uoted': 'v expanded',
            expanded: 'k',
            legacy: 'some value',
            more: 'm',
          },
        },
      },
    ],
  },
  {
    name: 'MAINTAINER, STOPSIGNAL, SHELL and USER in the configuration and the history',
    refs: [
      'TestBuildMaintainer',
      'moby TestBuildStopSignal',
      'testExportedHistory',
      'gotcha 100',
      'gotcha 102',
    ],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nMAINTAINER Some Body\nENV sig=SIGKILL\nSTOPSIGNAL $sig\nSHELL ["/bin/sh", "-xc"]\nUSER daemon:wheel\nCMD ["a", "b c"]\nWORKDIR /w\nCOPY foo bar/\nRUN true\n',
        config: {
          StopSignal: 'SIGKILL',
          User: 'daemon:wheel',
          Shell: ['/bin/sh', '-xc'],
          WorkingDir: '/w',
          Env: [path, 'sig=SIGKILL'],
        },
        history: [
          '-MAINTAINER Some Body',
          '-ENV sig=SIGKILL',
          '-STOPSIGNAL SIGKILL',
          '-SHELL [/bin/sh -xc]',
          '-USER daemon:wheel',
          '-CMD ["a" "b c"]',
          'WORKDIR /w',
          'COPY foo bar/ # buildkit',
          'RUN /bin/sh -xc true # buildkit',
        ],
      },
      { dockerfile: 'FROM busybox\nSTOPSIGNAL NOSUCH\n', refused: /[Ii]nvalid signal: NOSUCH/ },
    ],
  },
  {
    name: 'history: arguments of the final stage, each once, with the value in force',
    refs: ['testExportedHistoryFlattenArgs', 'gotcha 27', 'gotcha 102'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nENV foo=bar\nARG foo=bar1\nARG bar=123\nARG foo=bar2\nRUN ls /\n',
        history: [
          '-ENV foo=bar',
          '-ARG foo=bar1',
          '-ARG bar=123',
          '-ARG foo=bar2',
          'RUN |2 foo=bar2 bar=123 /bin/sh -c ls / # buildkit',
        ],
      },
    ],
  },
  {
    name: 'the cache knows content, mode and names, not times',
    refs: ['testCopyWildcardCache', 'testWildcardRenameCache', 'contenthash', 'gotcha 105'],
    context: { foo1: 'foo1-data', foo2: 'foo2-data', bar: 'bar' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nCOPY foo* files/\nRUN head -c 16 /dev/urandom | md5sum > unique\nFROM scratch\nCOPY --from=0 unique /\n',
        files: { '/unique': { type: 'file' } },
      },
      {
        dockerfile:
          'FROM busybox\nCOPY foo* files/\nRUN head -c 16 /dev/urandom | md5sum > unique\nFROM scratch\nCOPY --from=0 unique /\n',
        change: { bar: 'other', foo1: { text: 'foo1-data', mtime: 1_500_000_000 } },
        same: { step: 0, path: '/unique' },
      },
      {
        dockerfile:
          'FROM busybox\nCOPY foo* files/\nRUN head -c 16 /dev/urandom | md5sum > unique\nFROM scratch\nCOPY --from=0 unique /\n',
        change: { foo2: null, foo3: 'foo2-data' },
        differs: { step: 0, path: '/unique' },
      },
      {
        dockerfile:
          'FROM busybox\nCOPY foo* files/\nRUN head -c 16 /dev/urandom | md5sum > unique\nFROM scratch\nCOPY --from=0 unique /\n',
        change: { foo1: { text: 'foo1-data', mode: 0o600 } },
        differs: { step: 2, path: '/unique' },
      },
    ],
    older: '20.10 has a bug with renames',
  },
  {
    name: 'the cache: a changed ARG counts from the first RUN after it, an undeclared one never, a heredoc always',
    refs: [
      'TestBuildBuildTimeArgCacheMissSameArgDiffVal',
      'bud heredoc is changed',
      'TestBuildLabelsCache',
      'gotcha 106',
      'gotcha 107',
    ],
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN head -c 16 /dev/urandom | md5sum > /1\nARG x\nRUN head -c 16 /dev/urandom | md5sum > /2\n',
        args: { x: 'a' },
      },
      {
        dockerfile:
          'FROM busybox\nRUN head -c 16 /dev/urandom | md5sum > /1\nARG x\nRUN head -c 16 /dev/urandom | md5sum > /2\n',
        args: { x: 'b', y: 'c' },
        same: { step: 0, path: '/1' },
        differs: { step: 0, path: '/2' },
      },
      {
        dockerfile:
          'FROM busybox\nRUN head -c 16 /dev/urandom | md5sum > /1\nARG x\nRUN head -c 16 /dev/urandom | md5sum > /2\nLABEL a=b\n',
        args: { x: 'b' },
        same: { step: 1, path: '/2' },
      },
    ],
  },
  {
    name: 'no cache: for all, and for one stage',
    refs: ['testNoCache', 'testCacheMountModeNoCache', 'gotcha 108'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS s0\nRUN head -c 16 /dev/urandom | md5sum > /0\nFROM s0 AS s1\nRUN head -c 16 /dev/urandom | md5sum > /1\n',
      },
      {
        dockerfile:
          'FROM busybox AS s0\nRUN head -c 16 /dev/urandom | md5sum > /0\nFROM s0 AS s1\nRUN head -c 16 /dev/urandom | md5sum > /1\n',
        noCacheFilter: ['s1'],
        same: { step: 0, path: '/0' },
        differs: { step: 0, path: '/1' },
      },
      {
        dockerfile:
          'FROM busybox AS s0\nRUN head -c 16 /dev/urandom | md5sum > /0\nFROM s0 AS s1\nRUN head -c 16 /dev/urandom | md5sum > /1\n',
        noCache: true,
        differs: { step: 1, path: '/0' },
      },
    ],
    older: 'that command has no --no-cache-filter',
  },
  {
    name: 'a copied file that did not change keeps what follows, though its stage ran again',
    refs: ['solver slow cache', 'gotcha 105'],
    context: { a: '1' },
    steps: [
      {
        dockerfile:
          'FROM busybox AS b\nCOPY a /a\nRUN echo same > /out\nFROM busybox\nCOPY --from=b /out /out\nRUN head -c 16 /dev/urandom | md5sum > /u\n',
      },
      {
        dockerfile:
          'FROM busybox AS b\nCOPY a /a\nRUN echo same > /out\nFROM busybox\nCOPY --from=b /out /out\nRUN head -c 16 /dev/urandom | md5sum > /u\n',
        change: { a: '2' },
        same: { step: 0, path: '/u' },
      },
    ],
  },
  {
    name: 'binds of one context show its present content',
    refs: ['testMountDuplicate', 'gotcha 88'],
    context: { 'd/f': 'one' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN --mount=target=/a --mount=target=/b,source=d cat /a/d/f /b/f > /out\n',
        files: { '/out': 'oneone' },
      },
      {
        dockerfile:
          'FROM busybox\nRUN --mount=target=/a --mount=target=/b,source=d cat /a/d/f /b/f > /out\n',
        change: { 'd/f': 'two' },
        files: { '/out': 'twotwo' },
      },
    ],
    older: '20.10 shows stale content',
  },
  {
    name: 'SOURCE_DATE_EPOCH: created, history, WORKDIR; a bad value fails',
    refs: ['testSourceDateEpoch', 'testWorkdirSourceDateEpochReproducible', 'gotcha 109'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: 'FROM scratch\nARG SOURCE_DATE_EPOCH\nWORKDIR /w\nCOPY foo /\n',
        args: { SOURCE_DATE_EPOCH: '1577836800' },
        files: { '/foo': 'foo', '/w': { type: 'dir', mtime: 1_577_836_800 } },
      },
      {
        dockerfile: 'FROM scratch\nCOPY foo /\n',
        args: { SOURCE_DATE_EPOCH: 'today' },
        refused: /invalid SOURCE_DATE_EPOCH/,
      },
    ],
    older: '20.10 does not know it',
  },
  {
    name: 'files of a named context take the place of an image, of a stage, of a COPY --from',
    refs: [
      'testNamedLocalContext',
      'testNamedImageContext',
      'testNamedFilteredContext',
      'gotcha 113',
    ],
    ours: 'the history names the layer of the context, where BuildKit gives its place to the next step',
    context: { foo: 'own' },
    folders: { extra: { foo: 'extra', ignored: 'i', '.dockerignore': 'ignored\n' } },
    steps: [
      {
        dockerfile:
          'FROM busybox AS base\nRUN echo made > /foo\nFROM scratch\nCOPY --from=base /foo /1\nCOPY --from=base / /all/\nCOPY foo /2\n',
        contexts: { base: 'extra' },
        files: {
          '/1': 'extra',
          '/2': 'own',
          '/all/foo': 'extra',
          '/all/.dockerignore': { type: 'file' },
        },
      },
      {
        dockerfile: 'FROM nosuch/image\nCOPY foo /own\n',
        contexts: { 'nosuch/image': 'extra' },
        files: { '/foo': 'extra', '/own': 'own', '/.dockerignore': { type: 'file' } },
      },
      {
        dockerfile: 'FROM busybox\nRUN --mount=from=data,target=/d cp /d/foo /out\n',
        contexts: { data: 'extra' },
        files: { '/out': 'extra' },
      },
    ],
    older: '20.10 has no named contexts',
  },
  {
    name: 'the Dockerfile: dockerfile in lower case, behind a symlink',
    refs: ['testDockerfileLowercase', 'testSymlinkedDockerfile', 'gotcha 112'],
    context: {
      real: 'FROM scratch\nCOPY foo /\n',
      'Dockerfile.link': { link: 'real' },
      foo: 'foo',
    },
    steps: [{ file: 'Dockerfile.link', files: { '/foo': 'foo' } }],
  },
  {
    name: 'the same file copied often is as many layers; equal builds are equal images',
    refs: [
      'copy_same_file_many_times',
      'TestBuildWithEmptyLayers',
      'testReproducibleIDs',
      'gotcha 65',
      'gotcha 110',
    ],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: `FROM scratch\n${'COPY foo /foo\n'.repeat(12)}`,
        files: { '/foo': 'foo' },
        history: Array.from({ length: 12 }, () => 'COPY foo /foo # buildkit'),
      },
    ],
  },
]
