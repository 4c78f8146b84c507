import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const passwd = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
`
const group = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
kmem:x:9:
wheel:x:10:root
www-data:x:33:
operator:x:37:
users:x:100:
nobody:x:65534:
`

/** Debian's busybox has no adduser and addgroup; these know the options that the cases use. */
const adduser = `#!/bin/sh
uid= group= system= home=
while [ $# -gt 1 ]; do
  case $1 in
    -u|--uid) uid=$2; shift 2 ;;
    -G) group=$2; shift 2 ;;
    -h) home=$2; shift 2 ;;
    -g|--gecos) shift 2 ;;
    -S) system=1; shift ;;
    *) shift ;;
  esac
done
name=$1
[ -n "$uid" ] || { uid=1000; while grep -q "^[^:]*:[^:]*:$uid:" /etc/passwd; do uid=$((uid+1)); done; }
if [ -n "$group" ]; then gid=$(grep "^$group:" /etc/group | cut -d: -f3)
elif [ -n "$system" ]; then gid=65534
else gid=$uid; echo "$name:x:$gid:" >> /etc/group; fi
[ -n "$home" ] || home=/home/$name
echo "$name:x:$uid:$gid:Linux User,,,:$home:/bin/sh" >> /etc/passwd
mkdir -p "$home" && chown "$uid:$gid" "$home"
`
const addgroup = `#!/bin/sh
gid=
while [ $# -gt 1 ]; do
  case $1 in -g) gid=$2; shift 2 ;; -S) shift ;; *) break ;; esac
done
if [ $# = 2 ]; then sed -i "s/^\\($2:.*:\\)$/\\1$1/;s/^\\($2:.*[^:]\\)$/\\1,$1/" /etc/group; exit; fi
[ -n "$gid" ] || { gid=1000; while grep -q "^[^:]*:[^:]*:$gid:" /etc/group; do gid=$((gid+1)); done; }
echo "$1:x:$gid:" >> /etc/group
`

/** Changes when the files of these bases change. */
export const busyboxRecipe: string = [passwd, group, adduser, addgroup, 'layout 1'].join('\0')

/** Fills an empty folder with the layout of the busybox image: one program, an applet for each hard link. */
export function busyboxRoot(root: string, program: string): void {
  for (const dir of ['bin', 'dev', 'etc', 'home', 'root', 'tmp', 'usr', 'usr/sbin', 'var'])
    mkdirSync(join(root, dir))
  chmodSync(join(root, 'tmp'), 0o1777)
  chmodSync(join(root, 'root'), 0o700)
  copyFileSync(program, join(root, 'bin/busybox'))
  chmodSync(join(root, 'bin/busybox'), 0o755)
  const applets = execFileSync(program, ['--list'], { encoding: 'utf8' }).split('\n')
  for (const applet of applets)
    if (applet !== '' && applet !== 'busybox' && !applet.includes('/'))
      linkSync(join(root, 'bin/busybox'), join(root, 'bin', applet))
  const files: Record<string, string> = {
    'etc/passwd': passwd,
    'etc/group': group,
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'etc/shadow': 'root:*::0:::::\n',
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text)
  for (const [name, script] of Object.entries({ adduser, addgroup })) {
    const path = join(root, 'bin', name)
    if (readdirSync(join(root, 'bin')).includes(name)) rmSync(path)
    writeFileSync(path, script, { mode: 0o755 })
  }
}

/** The same programs under the name of the other small distribution. */
export function alpineRoot(root: string, program: string): void {
  busyboxRoot(root, program)
  writeFileSync(join(root, 'etc/alpine-release'), '3.20.0\n')
  writeFileSync(join(root, 'etc/os-release'), 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.0\n')
  mkdirSync(join(root, 'usr/local'))
  mkdirSync(join(root, 'usr/local/bin'))
  mkdirSync(join(root, 'usr/bin'))
}

/** What a few cases need of bigger images: a program under several hard links, and a directory that is a symlink. */
export function specialRoot(root: string, program: string): void {
  busyboxRoot(root, program)
  for (const dir of [
    'usr/bin',
    'usr/libexec',
    'usr/libexec/git-core',
    'etc/runit',
    'etc/runit/run',
  ])
    mkdirSync(join(root, dir))
  const git = join(root, 'usr/libexec/git-core/git')
  writeFileSync(git, '#!/bin/sh\necho git version 2.40.0\n', { mode: 0o755 })
  linkSync(git, join(root, 'usr/libexec/git-core/git-diff'))
  symlinkSync('/usr/libexec/git-core/git', join(root, 'usr/bin/git'))
  symlinkSync('/etc/runit/run', join(root, 'etc/service'))
  writeFileSync(join(root, 'usr/bin/composer'), '#!/bin/sh\n', { mode: 0o755 })
}
