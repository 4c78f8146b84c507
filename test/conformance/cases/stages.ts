import type { Case } from './types.ts'

/** FROM, stages, targets and ONBUILD. */
export const stageCases: readonly Case[] = [
  {
    name: 'from names an image unless a stage has the name',
    refs: ['testMultiStageImplicitFrom', 'gotcha 34'],
    current: 'gets its bases as named contexts here, and those win over stages',
    context: { foo: 'own' },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY --from=busybox /etc/passwd /p\n',
        files: { '/p': { type: 'file' } },
      },
      {
        dockerfile:
          'FROM scratch AS busybox\nCOPY foo /etc/passwd\nFROM scratch\nCOPY --from=busybox /etc/passwd /p\nCOPY --from=0 /etc/passwd /q\n',
        files: { '/p': 'own', '/q': 'own' },
      },
    ],
  },
  {
    name: 'names of stages do not mind case, but FROM looks for the exact one',
    refs: ['testMultiStageCaseInsensitive', 'issue_519', 'gotcha 33'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile:
          'FROM scratch AS STAge0\nCOPY foo bar\nFROM scratch AS staGE1\nCOPY --from=staGE0 bar baz\nFROM scratch\nCOPY --from=stage1 baz bax\n',
        target: 'Stage1',
        files: { '/baz': 'foo' },
      },
      {
        dockerfile: 'FROM scratch AS Base\nCOPY foo /\nFROM Base\n',
        refused: /must be lower ?case/,
      },
    ],
  },
  {
    name: 'a later stage and a missing index are refused',
    refs: ['testOutOfOrderStage', 'TestBuildMultiStageCopyFromErrors', 'gotcha 34'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS target\nCOPY --from=build /out /out\nFROM alpine AS build\nRUN touch /out\nFROM target\n',
        refused:
          /cannot copy from stage "build", it needs to be defined before current stage "target"/,
      },
      { dockerfile: 'FROM scratch\nCOPY --from=5 /x /\n', refused: /invalid stage index 5/ },
      {
        dockerfile:
          'FROM busybox AS a\nRUN --mount=from=b,target=/b true\nFROM busybox AS b\nFROM a\n',
        refused: /cannot mount from stage "b".*stage needs to be defined before current command/,
      },
    ],
    older: '20.10 takes the name for an image',
  },
  {
    name: 'one image by all of its names; capitals in a repository are refused',
    refs: ['TestParseRepositoryInfo', 'ParseDockerRef', 'gotcha 111'],
    steps: [
      {
        dockerfile:
          'FROM docker.io/library/busybox:latest AS a\nRUN echo a > /a\nFROM library/busybox AS b\nCOPY --from=a /a /a\nFROM index.docker.io/library/busybox\nCOPY --from=b /a /a\n',
        base: 'busybox',
        files: { '/a': 'a\n' },
      },
      { dockerfile: 'FROM BusyBox\n', refused: /lower ?case/ },
    ],
  },
  {
    name: 'no stage is an error, as is an empty base name',
    refs: ['testEmptyStages', 'gotcha 40'],
    steps: [
      { dockerfile: 'ARG foo=bar\n', refused: /dockerfile contains no stages to build/ },
      {
        dockerfile: 'FROM ${nothing}\n',
        refused: /base name \(\$\{nothing\}\) should not be blank/,
      },
    ],
    older: '20.10 panics',
  },
  {
    name: 'a misspelt target has a suggestion; an index is a target',
    refs: ['testTargetMistype'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: 'FROM scratch AS build\nCOPY foo /a\nFROM scratch AS final\nCOPY foo /b\n',
        target: 'bulid',
        refused: /target stage "bulid" could not be found[\s\S]*did you mean build/,
      },
      {
        dockerfile: 'FROM scratch AS build\nCOPY foo /a\nFROM scratch AS final\nCOPY foo /b\n',
        target: 'build',
        files: { '/a': 'foo' },
      },
    ],
  },
  {
    name: 'stages that nothing needs are neither found nor built',
    refs: ['testEagerNamedContextLookup', 'bud skipping unwanted stages', 'gotcha 36'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile:
          'FROM nosuch.invalid/image AS unused\nRUN exit 1\nFROM busybox AS unused2\nRUN exit 1\nFROM scratch\nCOPY foo /\n',
        files: { '/foo': 'foo' },
      },
    ],
  },
  {
    name: 'the last of two stages with one name counts',
    refs: ['testDuplicateStageName', 'gotcha 35'],
    context: { a: 'a', b: 'b' },
    steps: [
      {
        dockerfile: 'FROM scratch AS x\nCOPY a /a\nFROM scratch AS x\nCOPY b /b\nFROM x\n',
        files: { '/b': 'b' },
      },
    ],
  },
  {
    name: 'sibling stages share no configuration, COPY --from brings none',
    refs: ['TestBuildMultiStageParentConfig', 'TestCopyFromKeepsStageLabels', 'gotcha 38'],
    context: { f: 'f' },
    steps: [
      {
        dockerfile:
          'FROM scratch AS base\nENV a=1\nLABEL l=base\nFROM base AS one\nENV b=2\nLABEL l=one\nCOPY f /f\nFROM base AS two\nEXPOSE 80\nCOPY --from=one /f /g\n',
        files: { '/g': 'f' },
        config: {
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'a=1'],
          Labels: { l: 'base' },
          ExposedPorts: { '80/tcp': {} },
        },
      },
    ],
  },
  {
    name: 'stages with equal beginnings do not leak files through the cache',
    refs: ['TestBuildMultiStageLayerLeak', 'gotcha 39'],
    context: { foo: 'foo', bar: 'bar' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nWORKDIR /foo\nCOPY foo .\nFROM busybox\nWORKDIR /foo\nCOPY bar .\nRUN [ -f bar ] && [ ! -f foo ]\n',
        files: { '/foo/bar': 'bar' },
      },
    ],
  },
  {
    name: 'FROM scratch has PATH and a WORKDIR of /',
    refs: [
      'testDockerfileScratchConfig',
      'testDefaultShellAndPath',
      'testPullScratch',
      'gotcha 32',
      'gotcha 103',
    ],
    steps: [
      {
        dockerfile: 'FROM scratch\nENV foo=bar\n',
        files: {},
        config: {
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'foo=bar'],
          WorkingDir: '/',
        },
        history: ['-ENV foo=bar'],
      },
    ],
  },
  {
    name: 'ONBUILD runs once, directly after FROM, and is gone from the child',
    refs: [
      'testOnBuildCleared',
      'testOnBuildWithChildStage',
      'testOnBuildInheritedStageRun',
      'gotcha 101',
    ],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile:
          'FROM busybox AS base\nONBUILD RUN mkdir -p /out && echo -n 11 >> /out/foo\nONBUILD ENV seen=yes\nFROM base AS mid\nRUN cp /out/foo /out/bar && echo $seen > /out/seen\nFROM mid\nRUN cp /out/foo /out/baz\n',
        files: { '/out/foo': '11', '/out/bar': '11', '/out/baz': '11', '/out/seen': 'yes\n' },
        config: { OnBuild: [] as never },
      },
    ],
  },
  {
    name: 'ONBUILD is kept as text and makes no history',
    refs: ['TestErrorCases', 'gotcha 101'],
    steps: [
      {
        dockerfile: 'FROM busybox\nONBUILD RUN   echo  "a  b"\nONBUILD COPY --chown=1 . /x\n',
        config: { OnBuild: ['RUN   echo  "a  b"', 'COPY --chown=1 . /x'] },
        history: [],
      },
      {
        dockerfile: 'FROM busybox\nONBUILD ONBUILD RUN x\n',
        refused: /Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed/,
      },
      {
        dockerfile: 'FROM busybox\nONBUILD FROM x\n',
        refused: /FROM isn't allowed as an ONBUILD trigger/,
      },
    ],
  },
  {
    name: 'ONBUILD names stages of the child, mounts a cache, has a heredoc',
    refs: ['testOnBuildNewDeps', 'testOnBuildWithCacheMount', 'testOnBuildHeredoc', 'gotcha 101'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: `FROM busybox AS base
ONBUILD COPY --from=dep /foo /from-dep
ONBUILD RUN --mount=type=cache,target=/cache echo -n c > /cache/c && cp /cache/c /c
ONBUILD RUN <<EOF
echo one > /h
echo two >> /h
EOF
FROM scratch AS dep
COPY foo /foo
FROM base
`,
        files: { '/from-dep': 'foo', '/c': 'c', '/h': 'one\ntwo\n' },
      },
    ],
    older: '20.10 has no heredocs and no new dependencies in triggers',
  },
]
