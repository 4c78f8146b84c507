import type { Case } from './types.ts'

const long = 'n'.repeat(120)
const longest = 'x'.repeat(255)

/** Corners that no upstream test has: found by building Dockerfiles that were written to break a builder. */
export const edgeCases: readonly Case[] = [
  {
    name: 'COPY up and out of the context stays in it, absolute sources are relative to it',
    refs: ['gotcha 41'],
    context: { 'd/a': 'a', b: 'b' },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY ../b d/../b /x/\nCOPY ../../d /y\nCOPY /d/a /d /z/\n',
        files: { '/x/b': 'b', '/y/a': 'a', '/z/a': 'a' },
      },
    ],
  },
  {
    name: 'destinations behind links that climb out of the root, and links of links, stay inside',
    refs: ['gotcha 46'],
    context: { a: 'new', 'd/q': 'q' },
    steps: [
      {
        dockerfile: `FROM busybox
RUN ln -s ../../../../etc /l && ln -s /../../tmp/zz /m && ln -s l2 /l1 && ln -s /t3 /l2
COPY a /l/new
COPY d /m/
COPY d /l1
`,
        files: { '/etc/new': 'new', '/tmp/zz/q': 'q', '/t3/q': 'q' },
        more: true,
      },
      {
        dockerfile: 'FROM busybox\nRUN ln -s l2 /l1 && ln -s l1 /l2\nCOPY a /l1/x\n',
        refused: /too many (?:symbolic )?links/,
      },
    ],
  },
  {
    name: 'a file is in the way of the destination, or of WORKDIR',
    refs: ['gotcha 47', 'gotcha 99'],
    context: { a: 'a', 'd/x': 'x' },
    steps: [
      { dockerfile: 'FROM busybox\nRUN echo f > /f\nCOPY a /f/\n', refused: /\/f/ },
      { dockerfile: 'FROM busybox\nRUN echo f > /f\nCOPY a /f/x\n', refused: /\/f/ },
      { dockerfile: 'FROM busybox\nRUN echo f > /f\nCOPY d /f\n', refused: /\/f/ },
      { dockerfile: 'FROM busybox\nRUN echo f > /f\nWORKDIR /f\n', refused: /\/f/ },
      { dockerfile: 'FROM busybox\nRUN echo f > /f\nWORKDIR /f/x\n', refused: /\/f/ },
    ],
  },
  {
    name: 'wildcards find dotfiles, take the contents of several directories, keep no path',
    refs: ['gotcha 43', 'gotcha 44'],
    context: { '.a': 'a', b: 'b', '.d/c': 'c', 'd1/s/f': '1', 'd2/s/f': '2', 'd2/g': '3' },
    steps: [
      {
        dockerfile:
          'FROM scratch\nCOPY * /x/\nCOPY .* /y/\nCOPY d* /z/\nCOPY d*/s /w/\nCOPY */*/f /v/\n',
        files: {
          ...{ '/x/.a': 'a', '/x/b': 'b', '/x/c': 'c', '/x/s/f': '2', '/x/g': '3' },
          ...{ '/y/.a': 'a', '/y/c': 'c', '/z/s/f': '2', '/z/g': '3', '/w/f': '2', '/v/f': '2' },
        },
      },
    ],
  },
  {
    name: 'parents follows no symlink of the path',
    refs: ['gotcha 62'],
    context: { 'r/b/f': '1', l: { link: 'r' } },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY --parents l/b/f /x/\n',
        refused: /"\/l\/b\/f": not found/,
      },
      {
        dockerfile:
          'FROM busybox\nRUN mkdir -p /r/b && echo 1 > /r/b/f && ln -s r /l\nFROM scratch\nCOPY --parents --from=0 /l/b/f /x/\n',
        refused: /"\/l\/b\/f": not found/,
      },
      {
        dockerfile: 'FROM scratch\nCOPY --parents */b/f /x/\n',
        files: { '/x/r/b/f': '1' },
      },
    ],
    older: '20.10 has no --parents',
  },
  {
    name: 'parents of a stage: owners and modes of the directories come along',
    refs: ['gotcha 48', 'gotcha 62'],
    steps: [
      {
        dockerfile: `FROM busybox
RUN mkdir -p /o/p && echo 4 > /o/p/f && chown 5:6 /o /o/p && chmod 711 /o
FROM scratch
COPY --from=0 --parents /o/p/f /x/
COPY --from=0 --parents /o/./p /y/
`,
        files: {
          '/x/o': { type: 'dir', mode: '0711', uid: 5, gid: 6 },
          '/x/o/p': { type: 'dir', uid: 5, gid: 6 },
          '/x/o/p/f': '4\n',
          '/y/p': { type: 'dir', uid: 5, gid: 6 },
          '/y/p/f': '4\n',
        },
      },
    ],
    older: '20.10 has no --parents',
  },
  {
    name: 'exclude: what is taken back, what is no pattern, a stage, with parents',
    refs: ['gotcha 63'],
    context: { 'a/b/f': '1', 'a/b/g': '2', 'a/g': '3', h: '4' },
    steps: [
      {
        dockerfile:
          'FROM scratch\nCOPY --exclude=**/g --exclude=!a/b/g . /x/\nCOPY --exclude=b a /y/\nCOPY --parents --exclude=**/g a/* /z/\n',
        files: {
          ...{ '/x/a/b/f': '1', '/x/a/b/g': '2', '/x/h': '4', '/y/g': '3' },
          '/z/a/b/f': '1',
        },
      },
      {
        dockerfile: 'FROM scratch\nCOPY --exclude=! . /x/\n',
        refused: /illegal exclusion pattern: "!"/,
      },
      { dockerfile: 'FROM scratch\nCOPY --exclude=[ . /x/\n', refused: /pattern/ },
    ],
    older: '20.10 has no --exclude',
  },
  {
    name: 'chmod leaves links alone; =, u-s, +t, a-w, X by what is there',
    refs: ['gotcha 50'],
    context: {
      d: { kind: 'dir', mode: 0o750 },
      'd/a': { text: 'a', mode: 0o4644 },
      'd/l': { link: 'a' },
      'd/n': { link: 'nowhere' },
    },
    steps: [
      {
        dockerfile: `FROM scratch
COPY --chmod=755 d /x/
COPY --chmod=a-w d /y/
COPY --chmod=+t d /z/
COPY --chmod=u-s d/a /r
COPY --chmod== d/a /s
`,
        files: {
          '/x/a': { mode: '0755' },
          '/x/l': { link: 'a' },
          '/x/n': { link: 'nowhere' },
          '/y/a': { mode: '4444' },
          '/y/l': { link: 'a' },
          '/y/n': { link: 'nowhere' },
          '/z/a': { text: 'a' },
          '/z/l': { link: 'a' },
          '/z/n': { link: 'nowhere' },
          '/r': { mode: '0644' },
          '/s': { mode: '0000' },
        },
      },
    ],
    older: '20.10 knows octal modes only',
  },
  {
    name: 'an owner that is no name and no id of Linux is 0',
    refs: ['gotcha 49'],
    context: { a: 'a' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nCOPY --chown=99999999999 a /1\nCOPY --chown=nobodyknows a /2\nCOPY --chown=:nobodyknows a /3\n',
        files: {
          '/1': { uid: 0, gid: 0 },
          '/2': { uid: 0, gid: 0 },
          '/3': { uid: 0, gid: 0 },
        },
      },
    ],
    older: '20.10 refuses them',
  },
  {
    name: 'USER: only a group, only a user with a colon, extra groups, an id that is too large',
    refs: ['gotcha 84'],
    steps: [
      {
        dockerfile: `FROM busybox
USER :10
RUN id -u > /tmp/1 && id -g >> /tmp/1
USER daemon:
RUN id -u > /tmp/2
USER root
RUN addgroup -g 77 extra && adduser -D -u 700 bob && addgroup bob extra
USER bob
RUN id -G > /tmp/3
USER 700:77
RUN id -G > /tmp/4
`,
        files: { '/tmp/1': '0\n10\n', '/tmp/2': '1\n', '/tmp/3': '700 77\n', '/tmp/4': '77\n' },
        more: true,
      },
      { dockerfile: 'FROM busybox\nUSER 99999999999\nRUN id\n', refused: /99999999999|range/ },
    ],
  },
  {
    name: 'a directory is emptied, becomes a file, a link and a directory again',
    refs: ['gotcha 75', 'gotcha 76'],
    steps: [
      {
        dockerfile: `FROM busybox
RUN mkdir -p /d/e && echo 1 > /d/1 && echo 2 > /d/e/2
RUN rm -rf /d && mkdir /d && echo 3 > /d/3
RUN rm -rf /d && echo f > /d
RUN rm /d && ln -s /tmp /d
RUN rm /d && mkdir -m 711 /d && echo 4 > /d/4
`,
        files: { '/d': { type: 'dir', mode: '0711' }, '/d/4': '4\n' },
      },
    ],
  },
  {
    name: 'what a stage deleted and made anew is not copied from it',
    refs: ['gotcha 75', 'gotcha 76'],
    steps: [
      {
        dockerfile: `FROM busybox AS a
RUN mkdir -p /d/e && echo 1 > /d/1 && echo 2 > /d/e/2
RUN rm -rf /d && mkdir /d && echo 3 > /d/3
RUN mkdir -p /m/n && echo 5 > /m/n/5
RUN mv /m /o && mv /o/n /o/p && rm /etc/group
FROM scratch
COPY --from=a /d /d
COPY --from=a /o /o
COPY --from=a /etc/gr* /g/
`,
        files: { '/d/3': '3\n', '/o/p/5': '5\n' },
      },
    ],
  },
  {
    name: 'names beyond what a tar header holds, with hard links and long link targets',
    refs: ['gotcha 53', 'gotcha 66'],
    context: {
      [`${long}/${long}/${long}/${longest}`]: 'deep',
      h: { hardlink: `${long}/${long}/${long}/${longest}` },
      l: { link: `${'t/'.repeat(600)}x` },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY . /\n',
        files: {
          '/h': { text: 'deep', group: '/h' },
          [`/${long}/${long}/${long}/${longest}`]: { text: 'deep', group: '/h' },
          '/l': { link: `${'t/'.repeat(600)}x` },
        },
      },
    ],
  },
  {
    name: 'newlines, tabs, blanks, quotes and backslashes in names',
    refs: ['gotcha 60'],
    context: { 'd/a\nb': '1', 'd/tab\t': '2', 'd/ lead': '3', 'd/back\\slash': '4', 'd/q"q': '5' },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY d /d\n',
        files: {
          ...{ '/d/a\nb': '1', '/d/tab\t': '2', '/d/ lead': '3' },
          ...{ '/d/back\\slash': '4', '/d/q"q': '5' },
        },
      },
    ],
  },
  {
    name: 'times after 2106 of context files',
    refs: ['gotcha 52'],
    context: { 'd/b': { text: 'b', mtime: 4_294_967_297 } },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY d /d\n',
        files: { '/d/b': { mtime: 4_294_967_297 } },
      },
    ],
  },
  {
    name: 'a name that marks deletions in layers is refused and does not delete',
    refs: ['gotcha 76'],
    context: { 'd/.wh.foo': 'a', 'd/foo': 'b' },
    steps: [{ dockerfile: 'FROM scratch\nCOPY d /d\n', refused: /\.wh\.foo/ }],
    older: 'the layer that it writes deletes the other file',
    current: 'the layer that it writes deletes the other file: /d/foo is lost without a word',
  },
  {
    name: 'a device, a fifo and owners above 2^31 of another stage',
    refs: ['fsutil TestCopyDevicesAndFifo'],
    steps: [
      {
        dockerfile: `FROM busybox AS a
RUN mkdir /d && mknod /d/c c 1 3 && mkfifo /d/p && touch /d/big
RUN chown 3000000000:4294967294 /d/big && chown 4000000000 /d/c
FROM scratch
COPY --from=a /d /d
COPY --from=a /d/c /one
`,
        files: {
          '/d/c': { type: 'char', uid: 4_000_000_000 },
          '/one': { type: 'char', uid: 4_000_000_000 },
          '/d/p': { type: 'fifo' },
          '/d/big': { text: '', uid: 3_000_000_000, gid: 4_294_967_294 },
        },
      },
    ],
  },
  {
    name: 'a block device stays one',
    refs: ['fsutil TestCopyDevicesAndFifo'],
    steps: [
      {
        dockerfile:
          'FROM busybox AS a\nRUN mkdir /d && mknod /d/b b 7 0\nFROM scratch\nCOPY --from=a /d /d\n',
        files: { '/d/b': { type: 'block' } },
      },
    ],
    older: 'its copy is a character device of the same number',
    current:
      'its copy is a character device of the same number: what makes stubs of sockets clears a bit of block devices too',
  },
  {
    name: 'scratch as the source of a COPY and of a mount is empty; a stage may have its name',
    refs: ['gotcha 34'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nCOPY --from=scratch / /x/\nRUN --mount=from=scratch,target=/m ls -A /m > /o\n',
        files: { '/x': { type: 'dir' }, '/o': '' },
        more: true,
      },
      {
        dockerfile: 'FROM busybox\nCOPY --from=scratch /a /x/\n',
        refused: /\/a.*(?:not found|no such file)/,
      },
      {
        dockerfile:
          'FROM busybox AS scratch\nRUN echo 1 > /1\nFROM scratch\nCOPY --from=scratch /1 /2\n',
        base: 'busybox',
        files: { '/1': '1\n', '/2': '1\n' },
      },
    ],
    older: '20.10 asks a registry for it',
  },
  {
    name: 'FROM for a platform: other ways to write this one, none, and what is none',
    refs: ['gotcha 29'],
    steps: [
      {
        dockerfile:
          'ARG P=linux\nFROM --platform=$P busybox AS a\nFROM --platform=$BUILDPLATFORM busybox\nCOPY --from=a /etc/passwd /p\n',
        files: { '/p': { type: 'file' } },
      },
      {
        dockerfile: 'FROM --platform=a/b/c/d busybox\n',
        refused: /failed to parse platform a\/b\/c\/d/,
      },
      {
        dockerfile: 'ARG P\nFROM --platform=$P busybox\n',
        refused: /empty platform value from expression \$P/,
      },
    ],
    older: '20.10 has other texts',
  },
  {
    name: 'a RUN without a command, and one with a NUL byte in it',
    refs: ['gotcha 78'],
    steps: [
      { dockerfile: 'FROM busybox\nRUN\n', history: ['RUN /bin/sh -c  # buildkit'], files: {} },
      { dockerfile: 'FROM busybox\nRUN echo \0 > /x\n', refused: /NUL byte|did not complete/ },
      { dockerfile: 'FROM busybox\nRUN []\n', refused: /at least one argument|required/ },
    ],
    older: '20.10 refuses an empty RUN',
  },
  {
    name: 'a seeded cache keeps the owner of its folder',
    refs: ['gotcha 89'],
    steps: [
      {
        dockerfile: `FROM busybox AS s
RUN mkdir -p /k && echo 1 > /k/a && chown 4:5 /k
FROM busybox
RUN --mount=type=cache,from=s,source=/k,target=/c cat /c/a > /o; stat -c "%a %u %g" /c >> /o
`,
        files: { '/o': '1\n755 4 5\n' },
        more: true,
      },
    ],
  },
  {
    name: 'heredocs: chomped, quoted, two for one RUN, for other descriptors, after continuations, empty',
    refs: ['gotcha 18', 'gotcha 19', 'gotcha 20'],
    steps: [
      {
        dockerfile: `FROM busybox
ENV V=val
RUN <<-EOF
\techo 1 > /1
\t\techo 2 >> /1
\tEOF
COPY <<-EOT /2
\tx
\t\ty
  z
\tEOT
COPY <<"EOF" /3
$V \\$V "q"
EOF
COPY <<EOF /4
$V \\$V "q" \${V:-x} \\\\ \\n
EOF
RUN cat <<A - <<B > /5
one
A
two
B
RUN cat 3<<EOF <&3 > /6
fd3
EOF
RUN echo a > /7 && \\
  cat <<EOF >> /7
body
EOF
COPY <<EOF /8
EOF
RUN <<EOF
cat > /9 <<X
hello $V
X
EOF
`,
        files: {
          ...{ '/1': '1\n2\n', '/2': 'x\ny\n  z\n', '/3': '$V \\$V "q"\n' },
          ...{ '/4': 'val $V "q" val \\ n\n', '/5': 'two\n', '/6': 'fd3\n' },
          ...{ '/7': 'a\nbody\n', '/8': '', '/9': 'hello val\n' },
        },
      },
    ],
    older: '20.10 has no heredocs',
  },
  {
    name: 'a heredoc whose word has slashes is a file of the last part',
    refs: ['gotcha 21'],
    steps: [
      {
        dockerfile: 'FROM busybox\nCOPY <<../../b /d/\naa\n../../b\n',
        files: { '/d/b': 'aa\n' },
      },
    ],
    older: '20.10 has no heredocs',
  },
  {
    name: 'lines: CRLF with continuations and heredocs, blanks after a backslash, an end without a newline',
    refs: ['gotcha 2', 'gotcha 5'],
    context: { a: 'a' },
    steps: [
      {
        dockerfile:
          '# escape=\\\r\nFROM busybox\r\nENV A=1 \\\r\n  B=2\r\nRUN echo "$A$B" > /x \\\r\n  && echo 2 >> /x\r\nCOPY a /b\r\nRUN <<EOF\r\necho 1 >/1\r\nEOF\r\n',
        // The body is a script with the ends of lines that it has.
        files: { '/x': '12\n2\n', '/b': 'a', '/1\r': '1\n' },
      },
      {
        dockerfile:
          'FROM busybox\nRUN echo a \\   \n# c\n\n  b > /x\nEN\\\nV X=1\nRUN echo $X > /y \\\n',
        files: { '/x': 'a b\n', '/y': '1\n' },
      },
    ],
    older: '20.10 has no heredocs',
  },
  {
    name: 'expansion in ENV: positional names, greedy patterns, what is set in the same line',
    refs: ['gotcha 10', 'gotcha 13', 'gotcha 15'],
    steps: [
      {
        dockerfile:
          'FROM scratch\nENV a=1 b=\nENV a=2 c=$a d=${b:-${a:-zz}} e=${b-x} f=${nope-x} g=${b+x}\nENV p=a.b.c q=/usr/local\nENV r=${p#*.} s=${p##*.} t=${p%.*} u=${p%%.*} v=${p/./-} w=${p//./-} y=${q//\\//_}\nENV z=$1x$$\n',
        config: {
          Env: [
            'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            ...['a=2', 'b=', 'c=1', 'd=1', 'e=', 'f=x', 'g=x', 'p=a.b.c', 'q=/usr/local'],
            ...['r=b.c', 's=c', 't=a.b', 'u=a', 'v=a-b.c', 'w=a-b-c', 'y=_usr_local', 'z=x'],
          ],
        },
      },
    ],
    older: '20.10 has no patterns',
  },
  {
    name: 'ONBUILD of a chain: once, in order, with arguments of the child',
    refs: ['gotcha 101'],
    context: { a: 'a' },
    steps: [
      {
        args: { Z: 'zed' },
        dockerfile: `FROM busybox AS a
ONBUILD ARG Z=def
ONBUILD WORKDIR /ow
ONBUILD RUN echo $Z > z; pwd >> z
ONBUILD ENV X=1
ONBUILD COPY a c
FROM a AS b
RUN echo $X > x
FROM b
RUN echo $X > y
`,
        files: {
          '/ow': { type: 'dir' },
          ...{ '/ow/z': 'zed\n/ow\n', '/ow/c': 'a', '/ow/x': '1\n', '/ow/y': '1\n' },
        },
      },
    ],
  },
  {
    name: 'HEALTHCHECK: zeros are the defaults and are not written',
    refs: ['gotcha 97'],
    steps: [
      {
        dockerfile:
          'FROM scratch\nHEALTHCHECK --interval=0s --retries=0 --timeout=1h2m3.5s CMD x "y z"\n',
        config: { Healthcheck: { Test: ['CMD-SHELL', 'x "y z"'], Timeout: 3_723_500_000_000 } },
      },
    ],
  },
  {
    name: 'a mount over a file, relative to WORKDIR, of a link, writable and thrown away',
    refs: ['gotcha 79', 'gotcha 88'],
    context: { f: '1', 'd/f': '2', l: { link: 'd' } },
    steps: [
      {
        dockerfile: `FROM busybox
WORKDIR /w
RUN --mount=type=bind,source=f,target=/etc/passwd cat /etc/passwd > /o
RUN --mount=type=bind,source=d,target=x cat x/f > /p; pwd >> /p
RUN --mount=type=bind,source=l,target=/y,rw echo 3 > /y/g && ls /y > /q && rm /y/f
`,
        files: { '/o': '1', '/p': '2/w\n', '/q': 'f\ng\n' },
        more: true,
      },
    ],
  },
  {
    name: 'ignore file: characters of regular expressions, empty directories, BOM and CRLF',
    refs: ['gotcha 70', 'gotcha 71'],
    context: {
      ...{ 'x/a+b': '1', 'x/a.b': '2', 'x/axb': '3', 'x/(p)': '4', 'x/$q': '5' },
      'z/y': { kind: 'dir' },
      '.dockerignore': '\uFEFFx/a.b\r\n**/a+b\r\n**/(p)\r\n**/$q\r\n.dockerignore\r\n',
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY . /\n',
        files: { '/x/axb': '3', '/z': { type: 'dir' }, '/z/y': { type: 'dir' } },
      },
    ],
  },
]
