import type { Case } from './types.ts'

/** RUN: forms, heredocs, users, mounts, networks. */
export const runCases: readonly Case[] = [
  {
    name: 'JSON with something after it is a shell line',
    refs: ['testInvalidJSONCommands', 'Dockerfile_test_cmd', 'gotcha 6'],
    steps: [
      {
        dockerfile: 'FROM busybox\nRUN ["echo", "hello"]this is invalid\n',
        refused: /exit code: 127|did not complete/,
      },
      {
        dockerfile: 'FROM busybox\nENTRYPOINT ["a"] # x\nCMD []\n',
        config: { Entrypoint: ['/bin/sh', '-c', '["a"] # x'], Cmd: [] },
      },
      { dockerfile: 'FROM busybox\nCMD [ "echo", [ "nested json" ] ]\n', refused: /JSON|json/i },
    ],
  },
  {
    name: 'exec form has no shell; SHELL changes shell forms, also of children',
    refs: ['testCmdShell', 'TestBuildShellInherited', 'gotcha 83', 'gotcha 95'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS a\nSHELL ["/bin/sh", "-ec"]\nRUN ["sh", "-c", "echo $0 > /exec"]\nRUN false; echo x > /never || true\n',
        refused: /did not complete successfully/,
      },
      {
        dockerfile:
          'FROM busybox AS a\nSHELL ["/bin/sh", "-ec"]\nENTRYPOINT ls\nFROM a\nRUN ["sh", "-c", "echo $0 > /exec"]\nRUN echo $- > /flags\nCMD x\n',
        files: { '/exec': 'sh\n', '/flags': 'ce\n' },
        config: {
          Shell: ['/bin/sh', '-ec'],
          Entrypoint: ['/bin/sh', '-ec', 'ls'],
          Cmd: ['/bin/sh', '-ec', 'x'],
        },
      },
      {
        dockerfile: 'FROM busybox\nSHELL /bin/sh -c\n',
        refused: /SHELL requires the arguments to be in JSON form/,
      },
    ],
  },
  {
    name: 'ENTRYPOINT and HEALTHCHECK do not touch RUN',
    refs: ['testIgnoreEntrypoint', 'TestRunIgnoresHealthcheck', 'gotcha 83'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nENTRYPOINT ["/nosuchprogram"]\nHEALTHCHECK CMD /bad\nRUN ["ls"]\nRUN echo x > /out\n',
        files: { '/out': 'x\n' },
      },
    ],
  },
  {
    name: 'errors name the instruction and suggest one',
    refs: [
      'testDockerfileInvalidInstruction',
      'testDockerfileInvalidCommand',
      'testErrorsSourceMap',
      'exit-code-propagation',
      'gotcha 91',
    ],
    steps: [
      {
        dockerfile: 'FROM scratch\nFNTRYPOINT ["/bin/sh"]\n',
        refused: /unknown instruction: FNTRYPOINT \(did you mean ENTRYPOINT\?\)/,
      },
      {
        dockerfile: 'FROM busybox\nRUN invalidcmd\n',
        refused: /process "\/bin\/sh -c invalidcmd" did not complete successfully: exit code: 127/,
      },
      {
        dockerfile: 'FROM busybox\nRUN --mont=type=cache true\n',
        refused: /unknown flag: (?:--)?mont/,
      },
      { dockerfile: 'FROM busybox\nRUN exit 42\n', refused: /exit code: 42/ },
    ],
  },
  {
    name: 'USER: ids, names, groups, and what id says',
    refs: ['testUser', 'testUserAdditionalGids', 'Dockerfile_test_user_nonexisting', 'gotcha 84'],
    steps: [
      {
        dockerfile: `FROM busybox
RUN mkdir -m 0777 /out
RUN id -un > /out/rootuser
USER daemon
RUN id -un > /out/daemonuser; id > /out/daemon-id
USER daemon:nobody
RUN id -u > /out/1; id -g >> /out/1; id -G >> /out/1
USER 1234
RUN id -u > /out/2; id -g >> /out/2; id -G >> /out/2
USER 1234:5678
RUN id -u > /out/3; id -g >> /out/3; id -G >> /out/3
USER root
RUN id -G > /out/4
USER nobody
`,
        files: {
          '/out/rootuser': 'root\n',
          '/out/daemonuser': 'daemon\n',
          '/out/daemon-id': { uid: 1, gid: 1 },
          '/out/1': '1\n65534\n65534\n',
          '/out/2': '1234\n0\n0\n',
          '/out/3': '1234\n5678\n5678\n',
          '/out/4': '0 10\n',
        },
        config: { User: 'nobody' },
      },
      { dockerfile: 'FROM busybox\nUSER nosuchuser\nRUN id\n', refused: /nosuchuser/ },
    ],
    older: '20.10 has other supplementary groups',
  },
  {
    name: 'HOME follows USER',
    refs: ['Dockerfile_test_user_home', 'Test_addDefaultHOME', 'gotcha 85'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN mkdir -m 777 /out && echo "x:x:1000:1000::/home/x:/bin/sh" >> /etc/passwd && echo $HOME > /out/root\nUSER x\nRUN echo $HOME > /out/x\nUSER 4321\nRUN echo $HOME > /out/none\nENV HOME=/own\nRUN echo $HOME > /out/own\n',
        files: {
          '/out/root': '/root\n',
          '/out/x': '/home/x\n',
          '/out/none': '/\n',
          '/out/own': '/own\n',
        },
      },
    ],
  },
  {
    name: 'WORKDIR: made for USER, relative, with variables, kept when it is there',
    refs: [
      'testWorkdirCreatesDir',
      'testWorkdirUser',
      'testWorkdirExists',
      'TestBuildRelativeWorkdir',
      'gotcha 99',
    ],
    steps: [
      {
        dockerfile: `FROM busybox
RUN mkdir /have && chown 5:6 /have && adduser -D -u 1000 someone
USER someone
WORKDIR /mydir/deep
WORKDIR /have
WORKDIR sub/../rel
ENV d=/v
WORKDIR $d/$unset
WORKDIR x/
RUN pwd > /tmp/out
WORKDIR /
`,
        files: {
          '/mydir': { type: 'dir', uid: 1000, gid: 1000 },
          '/mydir/deep': { type: 'dir', uid: 1000, gid: 1000, mode: '0755' },
          '/have': { type: 'dir', uid: 5, gid: 6 },
          '/have/rel': { type: 'dir', uid: 1000 },
          '/v/x': { type: 'dir', uid: 1000 },
          '/tmp/out': '/v/x\n',
          '/home/someone': { type: 'dir' },
        },
        config: { WorkingDir: '/' },
      },
    ],
  },
  {
    name: 'heredocs of COPY: bodies, modes, owners, expansion, several, a quoted word',
    refs: [
      'testCopyHeredoc',
      'testCopyHeredocSpecialSymbols',
      'testHeredocIndent',
      'testHeredocVarSubstitution',
      'gotcha 18',
      'gotcha 20',
      'gotcha 21',
    ],
    context: { file: 'plain' },
    steps: [
      {
        dockerfile: `FROM scratch
ARG name=World
COPY <<one <<"two" /dest/
hello \${name} "q" 'q' \\$x \\\\y
one
hello \${name} \\$x \\\\
two
COPY --chmod=0700 --chown=1:2 <<-EOF /indent
\t\ttabbed
\t  rest
EOF
COPY file <<last /mix/
body
last
COPY <<EOF /empty
EOF
`,
        files: {
          '/dest/one': { text: 'hello World "q" \'q\' $x \\y\n', mode: '0644', uid: 0 },
          '/dest/two': 'hello ${name} \\$x \\\\\n',
          '/indent': { text: 'tabbed\n  rest\n', mode: '0700', uid: 1, gid: 2 },
          '/mix/file': 'plain',
          '/mix/last': 'body\n',
          '/empty': '',
        },
        history: [
          '-ARG name=World',
          'COPY <<one <<two /dest/ # buildkit',
          'COPY --chown=1:2 --chmod=0700 <<EOF /indent # buildkit',
          'COPY file <<last /mix/ # buildkit',
          'COPY <<EOF /empty # buildkit',
        ],
      },
    ],
    older: '20.10 has no heredocs',
  },
  {
    name: 'heredocs of RUN: a body for the shell, for another SHELL, with a shebang, with pipes',
    refs: [
      'testRunBasicHeredoc',
      'testRunFakeHeredoc',
      'testRunShebangHeredoc',
      'testRunComplexHeredoc',
      'gotcha 18',
      'gotcha 19',
    ],
    steps: [
      {
        dockerfile: `FROM busybox
RUN <<EOF
x=1
echo "$x \${y:-none}" > /1
EOF
RUN <<EOF
#!/bin/awk -f
BEGIN { print "awk" > "/2" }
EOF
RUN cat <<A > /3 && cat <<B >> /3
a $HOME
A
b
B
RUN <<-EOF cat | tr a-z A-Z > /4
\ttabs
EOF
SHELL ["/bin/awk"]
RUN <<EOF
BEGIN { print "shell" > "/5" }
EOF
`,
        files: {
          '/1': '1 none\n',
          '/2': 'awk\n',
          '/3': 'a /root\nb\n',
          '/4': 'TABS\n',
          '/5': 'shell\n',
        },
      },
    ],
    older: '20.10 has no heredocs',
  },
  {
    name: 'continuations, comments and blank lines inside them, # escape',
    refs: [
      'parser continueIndent',
      'parser trailing-backslash',
      'parser escape',
      'TestDetectSyntaxBOM',
      'gotcha 5',
      'gotcha 1',
      'gotcha 2',
      'gotcha 3',
      'gotcha 4',
    ],
    steps: [
      {
        dockerfile:
          '# escape=`\nFROM busybox\nRUN echo one `\n# a comment\n\n  two > /out && `\n  printf "%s" "c:\\dir" > /out2\n',
        files: { '/out': 'one two\n', '/out2': 'c:\\dir' },
      },
      {
        dockerfile: '#!/usr/bin/env x\r\nFROM busybox\r\nRUN echo a \\\r\n  b > /out\r\n',
        files: { '/out': 'a b\n' },
      },
      {
        base: 'busybox',
        dockerfile: '\uFEFFFROM busybox\nRUN echo bom > /out\n',
        files: { '/out': 'bom\n' },
      },
    ],
  },
  {
    name: 'bind mounts: the context, a stage, one file; writes are thrown away',
    refs: ['testMountContext', 'testMountRWCache', 'gotcha 88'],
    context: { testfile: 'contents0', 'd/x': 'x' },
    steps: [
      {
        dockerfile: `FROM busybox AS a
RUN mkdir /data && echo from-a > /data/f
FROM busybox
RUN --mount=target=/context [ "$(cat /context/testfile)" = contents0 ] && ! touch /context/no 2>/dev/null
RUN --mount=from=a,source=data,target=/data cp /data/f /1
RUN --mount=source=testfile,target=/mnt/one cp /mnt/one /2
RUN --mount=type=bind,target=/c,rw echo new > /c/new && cp /c/new /3
RUN --mount=type=bind,target=/c,rw [ ! -e /c/new ]
`,
        files: { '/1': 'from-a\n', '/2': 'contents0', '/3': 'new\n' },
      },
    ],
  },
  {
    name: 'cache mounts: shared by id, which is the target; owner and mode; empty dir elsewhere',
    refs: ['testCacheMountDefaultID', 'testCacheMountUser', 'gotcha 79', 'gotcha 89'],
    steps: [
      {
        dockerfile: `FROM busybox AS a
RUN --mount=type=cache,target=/mycache touch /mycache/foo && touch /done
FROM busybox
RUN --mount=from=a,target=/a [ -f /a/done ]
RUN --mount=type=cache,target=/mycache [ ! -f /mycache/none ] && [ -f /mycache/foo ]
RUN --mount=type=cache,id=mycache,target=/other [ ! -f /other/foo ]
RUN --mount=type=cache,target=/owned,uid=1001,gid=1002,mode=0751 stat -c "%u %g %04a" /owned > /out
`,
        files: { '/out': '1001 1002 0751\n' },
      },
    ],
  },
  {
    name: 'variables in targets and ids of mounts, none in from',
    refs: [
      'testMountEnvVar',
      'testMountArg',
      'testMountMetaArg',
      'testMountFromError',
      'testMountInvalid',
      'gotcha 7',
      'gotcha 17',
    ],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile:
          'ARG META=/meta\nFROM busybox\nARG META\nENV T=/env ty=bind\nRUN --mount=type=$ty,target=${META}$T,source=${none:-foo} cp /meta/env /out\n',
        files: { '/out': 'foo' },
      },
      {
        dockerfile:
          'FROM busybox AS a\nFROM busybox\nENV x=a\nRUN --mount=from=$x,target=/t true\n',
        refused: /'from' doesn't support variable expansion, define alias stage instead/,
      },
      {
        dockerfile: 'FROM busybox\nRUN --mont=target=/mytmp,type=tmpfs true\n',
        refused: /did you mean mount/,
      },
      {
        dockerfile: 'FROM busybox\nRUN --mount=typ=tmpfs,target=/t true\n',
        refused: /unexpected key 'typ'.*did you mean type/,
      },
      {
        dockerfile: 'FROM busybox\nRUN --mount=type=tmp,target=/t true\n',
        refused: /unsupported mount type "tmp".*did you mean tmpfs/,
      },
    ],
    older: '20.10 expands fewer options',
  },
  {
    name: 'tmpfs mounts: nothing stays, the size holds',
    refs: ['testMountTmpfs', 'testMountTmpfsSize', 'gotcha 79'],
    steps: [
      {
        dockerfile:
          "FROM busybox\nRUN --mount=target=/mytmp,type=tmpfs touch /mytmp/foo\nRUN [ ! -f /mytmp/foo ]\nRUN --mount=type=tmpfs,target=/t,size=128m df -m /t | tail -1 | awk '{print $2}' > /out\n",
        files: { '/out': '128\n', '/mytmp': null },
        more: true,
      },
    ],
    older: '20.10 has no size',
  },
  {
    name: 'secrets: default place and mode, options, environment, required',
    refs: [
      'testSecretFileParams',
      'testSecretAsEnviron',
      'testSecretAsEnvironWithFileMount',
      'testSecretRequiredWithoutValue',
      'gotcha 79',
      'gotcha 90',
    ],
    steps: [
      {
        dockerfile: `FROM busybox
RUN --mount=type=secret,id=s cat /run/secrets/s > /1; stat -c "%u %g %04a" /run/secrets/s >> /1
RUN --mount=type=secret,id=s,target=/x/y,mode=0444,uid=1,gid=2 stat -c "%u %g %04a" /x/y > /2
RUN --mount=type=secret,id=s,env=TOKEN [ ! -e /run/secrets/s ] && echo "$TOKEN" > /3
RUN --mount=type=secret,id=s,env=TOKEN,target=/f echo "$TOKEN $(cat /f)" > /4
RUN --mount=type=secret,id=absent [ ! -e /run/secrets/absent ]
RUN [ ! -e /x ] && [ ! -e /run ]
`,
        secrets: { s: 'pw' },
        files: { '/1': 'pw0 0 0400\n', '/2': '1 2 0444\n', '/3': 'pw\n', '/4': 'pw pw\n' },
      },
      {
        dockerfile: 'FROM busybox\nRUN --mount=type=secret,required,id=mysecret foo\n',
        refused: /secret mysecret: not found/,
      },
    ],
    older: '20.10 has no env',
    ours: 'we leave no mount points, where BuildKit leaves /run and /x',
  },
  {
    name: 'network none has no interface but lo; the default and host have',
    refs: ['testRunNoNetwork', 'testRunGlobalNetwork', 'gotcha 87'],
    steps: [
      {
        allow: ['network.host'],
        dockerfile:
          'FROM busybox\nRUN --network=none [ "$(ls /sys/class/net)" = lo ]\nRUN --network=host true\nRUN --network=default true\n',
        files: {},
      },
      {
        dockerfile: 'FROM busybox\nRUN --network=bad true\n',
        refused: /network mode "bad" is not supported|unsupported network mode|invalid network/,
      },
    ],
  },
  {
    name: 'default capabilities; insecure has to be allowed',
    refs: ['testRunSecuritySandbox', 'testRunSecurityDefault', 'gotcha 86'],
    steps: [
      {
        dockerfile:
          "FROM busybox\nRUN grep CapBnd /proc/self/status | awk '{print $2}' > /out\nRUN --security=sandbox grep -q 00000000a80425fb /proc/self/status\n",
        files: { '/out': '00000000a80425fb\n' },
      },
      {
        dockerfile: 'FROM busybox\nRUN --security=insecure true\n',
        refused: /security.insecure is not allowed/,
      },
    ],
    older: '20.10 has no --security',
  },
  {
    name: 'what a RUN deletes, renames and replaces is so in the image',
    refs: [
      'TestBuildDeleteCommittedFile',
      'TestBuildOpaqueDirectory',
      'testWhiteoutParentDir',
      'TestReplaceFolderWithFile',
      'TestRenameDiff',
      'gotcha 75',
      'gotcha 76',
      'gotcha 77',
      'gotcha 82',
    ],
    steps: [
      {
        dockerfile: `FROM busybox
RUN mkdir -p /d/sub /r /m/in && echo 1 > /d/one && echo 2 > /d/sub/two && echo 3 > /r/three && echo 4 > /m/in/four && chmod 0711 /m
RUN rm -r /d && mkdir /d && echo new > /d/new
RUN rm -r /r && echo file > /r
RUN mv /m/in /m/out
RUN rm /d/new && rm -r /m/out && [ ! -e /d/new ]
`,
        files: { '/d': { type: 'dir' }, '/r': 'file\n', '/m': { type: 'dir', mode: '0711' } },
      },
    ],
  },
  {
    name: 'a RUN that changes nothing is a layer; background processes end with it',
    refs: ['Dockerfile_test_run_2', 'Dockerfile_test_daemons', 'gotcha 78', 'gotcha 80'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN true\nRUN (while true; do sleep 1; echo x >> /bg; done &) ; echo started > /s\n',
        files: { '/s': 'started\n' },
        history: [
          'RUN /bin/sh -c true # buildkit',
          'RUN /bin/sh -c (while true; do sleep 1; echo x >> /bg; done &) ; echo started > /s # buildkit',
        ],
      },
    ],
  },
  {
    name: 'the name of the machine stands in /etc/hosts, and nothing of it in the layer',
    refs: ['testDockerfileCheckHostname', 'gotcha 92'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN [ -n "$(hostname)" ] && grep -q "$(hostname)" /etc/hosts && hostname > /out\nRUN [ "$(hostname)" = "$(cat /out)" ] && rm /out\n',
        files: { '/out': null, '/etc/hosts': null },
        more: true,
      },
    ],
    current: 'leaves an empty /etc/hosts on an image without one',
  },
  {
    name: 'a static program in FROM scratch, in exec form',
    refs: ['buildah mount-targets-new', 'gotcha 93'],
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY --from=busybox /bin/busybox /true\nRUN ["/true", "true"]\n',
        files: { '/true': { type: 'file', mode: '0755' } },
      },
    ],
  },
]
