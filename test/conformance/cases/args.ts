import type { Case } from './types.ts'

/** ARG, ENV and what expands. */
export const argCases: readonly Case[] = [
  {
    name: 'an ARG before FROM is seen in FROM, and in a stage when it is declared again',
    refs: [
      'testGlobalArg',
      'testMultiArgs',
      'testQuotedMetaArgs',
      'gotcha 22',
      'gotcha 23',
      'gotcha 30',
    ],
    steps: [
      {
        dockerfile: `ARG a1="foo bar" a2='busy'"box"
ARG a3=\${a2}
FROM \${a3}
ARG a1 a4="x y" a5=\${a1}-z
RUN echo "$a1|$a2|$a4|$a5" > /out
`,
        base: 'busybox',
        files: { '/out': 'foo bar||x y|foo bar-z\n' },
      },
      {
        base: 'busybox',
        dockerfile: 'ARG tag=nosuch\nFROM busybox:${tag}\nARG tag=own\nRUN echo $tag > /out\n',
        args: { tag: 'latest' },
        files: { '/out': 'latest\n' },
      },
    ],
  },
  {
    name: 'the error forms of expansion stop the build, and only when they are needed',
    refs: ['testGlobalArgErrors', 'testArgDefaultExpansion', 'gotcha 14'],
    steps: [
      {
        dockerfile: 'ARG FOO=${BAR:?missing bar}\nFROM busybox\n',
        refused: /missing bar/,
      },
      {
        dockerfile: 'FROM busybox\nARG FOO=${BAR:?missing bar}\nRUN echo $FOO > /out\n',
        args: { FOO: 'given' },
        files: { '/out': 'given\n' },
      },
      { dockerfile: 'FROM busybox\nENV X=${BAR?no bar}\n', refused: /no bar/ },
    ],
    older: '20.10 is not lazy',
  },
  {
    name: 'pattern forms in FROM and ENV',
    refs: ['testDefaultEnvWithArgs', 'gotcha 15'],
    steps: [
      {
        dockerfile: `ARG image=idlebox
FROM \${image/idle/busy} AS x
ENV v=foobarfoo
ENV a=\${v#foo} b=\${v%foo} c=\${v//o/0} d=\${v##*o} e=\${v%%b*} f=\${none:-dflt} g=\${v:+set} h=\${none+unset}
RUN echo "$a $b $c $d $e $f $g $h" > /out
`,
        base: 'busybox',
        files: { '/out': 'barfoo foobar f00barf00  foo dflt set \n' },
      },
    ],
    older: '20.10 has no pattern forms',
  },
  {
    name: 'an empty ARG is in the environment, one without a value is not',
    refs: [
      'testEmptyStringArgInEnv',
      'TestBuildBuildTimeArgDefinitionWithNoEnvInjection',
      'gotcha 26',
    ],
    steps: [
      {
        dockerfile:
          'FROM busybox\nARG FOO\nARG BAR=\nRUN env | grep -E "^(FOO|BAR)" > /out; echo "${FOO-unset}" >> /out\n',
        files: { '/out': 'BAR=\nunset\n' },
        config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
        history: [
          '-ARG FOO',
          '-ARG BAR=',
          'RUN |2 FOO= BAR= /bin/sh -c env | grep -E "^(FOO|BAR)" > /out; echo "${FOO-unset}" >> /out # buildkit',
        ],
      },
    ],
  },
  {
    name: 'ENV and ARG of one name: the later instruction wins',
    refs: [
      'TestBuildBuildTimeArgOverrideArgDefinedBeforeEnv',
      'TestBuildBuildTimeArgOverrideEnvDefinedBeforeArg',
      'gotcha 25',
    ],
    steps: [
      {
        dockerfile:
          'FROM busybox\nARG FOO\nENV FOO=env\nRUN echo $FOO > /1\nENV BAR=env\nARG BAR\nRUN echo $BAR > /2\nARG BAZ=dflt\nENV BAZ=${BAZ:-x}\nRUN echo $BAZ > /3\n',
        args: { FOO: 'arg', BAR: 'arg', BAZ: 'given' },
        files: { '/1': 'env\n', '/2': 'arg\n', '/3': 'given\n' },
      },
    ],
  },
  {
    name: 'an instruction expands with what was set before it',
    refs: [
      'TestBuildEnvironmentReplacementEnv',
      'buildah env-precedence',
      'gotcha 10',
      'gotcha 26',
    ],
    steps: [
      {
        dockerfile:
          'FROM busybox\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc\nARG late=$later\nARG later=x\nRUN echo "$def $ghi [$late]" > /out\n',
        files: { '/out': 'hello bye []\n' },
        config: {
          Env: [
            'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            ...['abc=bye', 'def=hello', 'ghi=bye'],
          ],
        },
      },
    ],
  },
  {
    name: 'percent signs in values survive',
    refs: ['testEnvEmptyFormatting', 'gotcha 16'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS build\nENV myenv=foo%sbar%%d\nRUN [ "$myenv" = "foo%sbar%%d" ]\n',
        files: {},
        history: [
          '-ENV myenv=foo%sbar%%d',
          'RUN /bin/sh -c [ "$myenv" = "foo%sbar%%d" ] # buildkit',
        ],
      },
    ],
  },
  {
    name: 'quotes and escapes of ENV',
    refs: [
      'parser env',
      'buildah env-whitespace',
      'Dockerfile_test_env',
      'gotcha 8',
      'gotcha 9',
      'gotcha 12',
    ],
    steps: [
      {
        dockerfile: `FROM scratch
ENV legacy one  two=three
ENV a="x y" b=x\\ y c='$a' d="a\\"b" e="a'b"
ENV f=\\$a g=$nothing/h
`,
        config: {
          Env: [
            'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            ...[
              'legacy=one  two=three',
              'a=x y',
              'b=x y',
              'c=$a',
              'd=a"b',
              "e=a'b",
              'f=$a',
              'g=/h',
            ],
          ],
        },
      },
      { dockerfile: "FROM scratch\nENV x='a\\'b'\n", refused: /unexpected end of statement|quot/i },
    ],
  },
  {
    name: 'nothing is expanded in RUN, CMD and ENTRYPOINT',
    refs: ['TestBuildExoticShellInterpolation', 'gotcha 11', 'gotcha 13'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nENV x=built\nRUN x=shell; echo "$x ${x%ll} $$" | grep -q "^shell she [0-9]" \nCMD echo $x\nENTRYPOINT ["echo", "$x"]\n',
        files: {},
        config: { Cmd: ['/bin/sh', '-c', 'echo $x'], Entrypoint: ['echo', '$x'] },
      },
    ],
  },
  {
    name: 'proxies: there in both spellings without a declaration, in no history, in no key',
    refs: ['testBuiltinArgs', 'TestBuildTimeArgHistoryExclusions', 'gotcha 28'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN echo "$http_proxy|$HTTP_PROXY|$no_proxy" > /out; head -c 16 /dev/urandom | md5sum > /unique\n',
        args: { http_proxy: 'one', NO_PROXY: 'local' },
        files: { '/out': 'one|one|local\n', '/unique': { type: 'file' } },
        history: [
          'RUN /bin/sh -c echo "$http_proxy|$HTTP_PROXY|$no_proxy" > /out; head -c 16 /dev/urandom | md5sum > /unique # buildkit',
        ],
      },
      {
        dockerfile:
          'FROM busybox\nRUN echo "$http_proxy|$HTTP_PROXY|$no_proxy" > /out; head -c 16 /dev/urandom | md5sum > /unique\n',
        args: { http_proxy: 'two' },
        same: { step: 0, path: '/unique' },
      },
    ],
  },
  {
    name: 'ARGs of a stage go on to the stages built on it',
    refs: ['TestBuildMultiStageArg', 'issue_1911', 'gotcha 24', 'gotcha 27'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS base\nARG NAME=base\nFROM base AS dev\nARG NAME=$NAME-dev\nFROM dev\nARG NAME\nRUN echo $NAME > /out\n',
        files: { '/out': 'base-dev\n' },
        history: [
          '-ARG NAME=base',
          '-ARG NAME=base-dev',
          '-ARG NAME',
          'RUN |1 NAME=base-dev /bin/sh -c echo $NAME > /out # buildkit',
        ],
      },
    ],
  },
  {
    name: 'platform arguments: in FROM at once, in a stage when declared, TARGETOS given by hand',
    refs: ['testPlatformArgsImplicit', 'testPlatformArgsExplicit', 'gotcha 29'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: 'FROM scratch AS build-linux\nCOPY foo /linux\nFROM build-${TARGETOS}\n',
        files: { '/linux': 'foo' },
      },
      {
        dockerfile:
          'FROM busybox\nARG TARGETOS\nARG TARGETVARIANT\nRUN echo "$TARGETOS|$TARGETARCH|$TARGETVARIANT" > /out\n',
        args: { TARGETOS: 'darwin' },
        files: { '/out': 'darwin||\n' },
      },
    ],
  },
  {
    name: 'TARGETSTAGE names the target',
    refs: ['testTargetStageNameArg', 'gotcha 36'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS foo\nARG TARGETSTAGE\nRUN echo $TARGETSTAGE > /out\nFROM foo AS bar\nRUN echo $TARGETSTAGE > /out2\n',
        target: 'bar',
        files: { '/out': 'bar\n', '/out2': 'bar\n' },
      },
      {
        dockerfile: 'FROM busybox AS foo\nARG TARGETSTAGE\nRUN echo $TARGETSTAGE > /out\n',
        files: { '/out': 'foo\n' },
      },
    ],
    older: '20.10 has no TARGETSTAGE',
  },
  {
    name: 'a build-arg that nothing declares changes nothing',
    refs: ['TestBuildBuildTimeArgUnconsumedArg', 'gotcha 31'],
    steps: [
      {
        dockerfile: 'FROM busybox\nRUN echo "[$x]" > /out\n',
        args: { x: 'y' },
        files: { '/out': '[]\n' },
      },
    ],
  },
]
