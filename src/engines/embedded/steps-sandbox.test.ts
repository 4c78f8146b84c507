import { expect, test } from 'vitest'
import { descendants, useStepWorld } from '../../../test/support/step-world.ts'
import { capabilitiesOf, capabilityMask } from './sandbox/capabilities.ts'

const steps = useStepWorld()

test('root has exactly the capabilities of Docker, and its seccomp filter', async () => {
  const { output } = await steps.run('grep -E "^(Cap|Seccomp:|NoNewPrivs)" /proc/self/status')
  const mask = capabilityMask(capabilitiesOf({})).toString(16).padStart(16, '0')
  const none = '0'.repeat(16)
  expect(output.split('\n').map((line) => line.split('\t'))).toEqual([
    ['CapInh:', none],
    ['CapPrm:', mask],
    ['CapEff:', mask],
    ['CapBnd:', mask],
    ['CapAmb:', none],
    ['NoNewPrivs:', '0'],
    ['Seccomp:', '2'],
    [''],
  ])
})

test('another user has none of them, and its groups', async () => {
  const { output } = await steps.run(
    'id; grep -E "^Cap(Prm|Eff|Bnd)" /proc/self/status; echo x > /dev/stdout',
    {
      user: { uid: 33, gid: 33, groups: [4, 24] },
    },
  )
  const mask = capabilityMask(capabilitiesOf({})).toString(16).padStart(16, '0')
  expect(output).toBe(
    `uid=33(www-data) gid=33(www-data) groups=33(www-data),4(adm),24(cdrom)\nCapPrm:\t${'0'.repeat(16)}\nCapEff:\t${'0'.repeat(16)}\nCapBnd:\t${mask}\nx\n`,
  )
})

test('what the filter refuses is refused, what setuid needs works', async () => {
  const { output } = await steps.run(
    [
      'unshare -U true 2>&1 | grep -o "not permitted"',
      'unshare -m true 2>&1 | grep -o "not permitted"',
      'mount -t tmpfs x /mnt 2>&1 | grep -o "permission denied"',
      'cp /usr/bin/id /tmp/id && chmod u+s /tmp/id && setpriv --reuid 33 --regid 33 --clear-groups /tmp/id -u',
      'setpriv --reuid 33 --regid 33 --clear-groups /tmp/id | grep -o "euid=0"',
      `perl -e 'socket(my $s, 38, 5, 0) or print "AF_ALG: $!\\n"; socket($s, 2, 1, 0) and print "AF_INET ok\\n"'`,
      `perl -e 'syscall(425, 1, 0) == -1 and print "io_uring: ", $!+0, "\\n"; syscall(435, 0, 0) == -1 and print "clone3: ", $!+0, "\\n"'`,
    ].join('; '),
  )
  expect(output.split('\n')).toEqual([
    'not permitted',
    'not permitted',
    'permission denied',
    '0',
    'euid=0',
    'AF_ALG: Operation not permitted',
    'AF_INET ok',
    'io_uring: 1',
    'clone3: 38',
    '',
  ])
})

test('kernel interfaces are masked or read-only', async () => {
  const { output } = await steps.run(
    [
      'for f in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts; do [ ! -e $f ] || wc -c < $f; done | sort -u',
      'for d in /sys/firmware /proc/acpi /proc/scsi; do [ ! -e $d ] || ls -A $d | wc -l; done | sort -u',
      'grep -cE " (/sys|/proc/(sys|irq|fs|bus)) .* ro," /proc/mounts',
      '{ echo 1 > /proc/sys/vm/drop_caches; } 2>&1',
    ].join('; '),
  )
  expect(output).toMatch(/\b0\n0\n5\n/)
  expect(output).toMatch(/drop_caches: Read-only file system/)
})

test('the command sees three descriptors, its own processes and no path of the host', async () => {
  const { output } = await steps.run(
    'ls /proc/$$/fd; echo pid $$; ls -d /proc/[0-9]* | wc -l; hostname; cat /proc/mounts; cat /proc/self/environ | tr "\\0" "\\n"',
  )
  const lines = output.split('\n')
  expect(lines.slice(0, 4)).toEqual(['0', '1', '2', 'pid 1'])
  expect(Number(lines[4])).toBeLessThan(5)
  expect(lines[5]).toBe('buildkitsandbox')
  expect(output).not.toContain(steps.store.root)
  expect(output).toMatch(/^HOME=\/root$/m)
  expect(output).not.toMatch(/^(npm_|VITEST|NODE_)/m)
})

test('an entrypoint that is /proc/self/exe cannot write to the interpreter of the host', async () => {
  const { output } = await steps.run([
    '/proc/self/exe',
    '-e',
    'utime(1, 1, "/proc/self/exe") or print "$!\\n"; print "tried\\n"',
  ])
  expect(output).toBe('Read-only file system\ntried\n')
})

test('daemons do not outlive the command', async () => {
  const ran = await steps.run(
    '(setsid sleep 1000 &) ; nohup sleep 1000 >/dev/null 2>&1 & echo done',
  )
  expect(ran.output).toBe('done\n')
  expect(descendants()).toEqual([])
})
