import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useStepWorld } from '../../../test/support/step-world.ts'
import { createEmbeddedEngine } from './engine.ts'

const steps = useStepWorld()
const engineOf = (isolation: string) => createEmbeddedEngine({ store: steps.store, isolation })

test.each(['perl', 'util-linux'])(
  '%s: limits, the size of /dev/shm and the host name',
  async (name) => {
    const asked = {
      ulimits: [
        { name: 'nofile', soft: 100, hard: 200 },
        { name: 'core', soft: -1, hard: -1 },
      ],
      shmSize: 12 * 1024 * 1024,
      hostname: 'box',
    }
    const command =
      'ulimit -n; ulimit -Hn; ulimit -c; df -k --output=size /dev/shm | tail -1 | tr -d " "; hostname; grep box /etc/hosts'
    const engine = engineOf(name)
    const { output } = await steps.run(command, asked, { engine })
    expect(output).toBe('100\n200\nunlimited\n12288\nbox\n127.0.0.1\tbox\n')
    expect((await steps.run('ulimit -c; hostname', {}, { engine })).output).toBe(
      '0\nbuildkitsandbox\n',
    )
  },
)

test.each(['perl', 'util-linux'])(
  '%s: an insecure RUN may do what this process may',
  async (name) => {
    const own = /^CapPrm:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    const command =
      "awk '/^(CapEff|Seccomp):/ {print $2}' /proc/self/status; mount -t tmpfs none /mnt && echo mounted; [ -w /proc/sys/kernel/hostname ] && ls /dev/fuse /dev/loop0"
    const engine = engineOf(name)
    const { output } = await steps.run(command, { insecure: true }, { engine })
    expect(output).toBe(`${own}\n0\nmounted\n/dev/fuse\n/dev/loop0\n`)
    const usual = await steps.run(command, {}, { engine })
    expect(usual.output).not.toContain(own)
    expect(usual.output).not.toMatch(/^mounted$/m)
  },
)

test('an insecure RUN of a user who is not root has the capabilities too', async () => {
  const user = { uid: 1234, gid: 1234, groups: [] }
  const command = "awk '/^Cap(Eff|Bnd|Amb):/ {print $2}' /proc/self/status | sort -u | wc -l"
  expect((await steps.run(command, { insecure: true, user })).output).toBe('1\n')
})
