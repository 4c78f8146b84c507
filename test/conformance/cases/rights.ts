import type { Case } from './types.ts'

/** `cap_net_bind_service+ep`, as the kernel keeps it (VFS_CAP_REVISION_2). */
const capability = `\u0001\0\0\u0002\0\u0004${'\0'.repeat(14)}`

/** What a RUN may have beyond its sandbox, and attributes of files that give rights. */
export const rights: readonly Case[] = [
  {
    name: 'an allowed insecure RUN has every capability, for every user, and nothing is masked',
    refs: ['testRunSecurityInsecure', 'gotcha 86'],
    steps: [
      {
        allow: ['security.insecure'],
        dockerfile:
          'FROM busybox\nRUN --security=insecure mkdir /m && mount -t tmpfs none /m && umount /m && rmdir /m && [ "$(awk \'/Seccomp:/ {print $2}\' /proc/self/status)" = 0 ]\nRUN --security=insecure [ -c /dev/fuse ] && [ -b /dev/loop0 ] && [ -w /proc/sys/kernel/hostname ]\nUSER 1234\nRUN --security=insecure [ "$(awk \'/CapEff/ {print $2}\' /proc/self/status)" = "$(awk \'/CapBnd/ {print $2}\' /proc/self/status)" ]\nRUN [ "$(awk \'/CapEff/ {print $2}\' /proc/self/status)" = 0000000000000000 ]\n',
        files: {},
      },
    ],
    older: '20.10 has no --security',
  },
  {
    name: "the host's network has to be allowed",
    refs: ['testRunHostNetwork', 'builders 1.1'],
    steps: [
      {
        dockerfile: 'FROM busybox\nRUN --network=host true\n',
        refused: /network\.host is not allowed/,
      },
      {
        allow: ['network.host'],
        dockerfile: 'FROM busybox\nRUN --network=host true\n',
        files: {},
      },
    ],
  },
  {
    name: 'ssh without an agent: optional is nothing but a variable, required is refused',
    refs: ['testSSHSocketParams', 'builders 1.1'],
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN --mount=type=ssh --mount=type=ssh,id=b [ "$SSH_AUTH_SOCK" = /run/buildkit/ssh_agent.0 ] && [ ! -e /run/buildkit ]\nRUN --mount=type=ssh,target=/a/sock [ "$SSH_AUTH_SOCK" = /a/sock ]\n',
        files: {},
      },
      { dockerfile: 'FROM busybox\nRUN --mount=type=ssh,required true\n', refused: /ssh/i },
    ],
  },
  {
    name: 'a device that nobody registered is left out unless it is required',
    refs: ['testDeviceEnv', 'builders 1.1'],
    steps: [
      { dockerfile: 'FROM busybox\nRUN --device=vendor1.com/device=foo true\n', files: {} },
      {
        dockerfile: 'FROM busybox\nRUN --device=vendor1.com/device=foo,required true\n',
        refused: /required device "vendor1\.com\/device=foo" is not registered/,
      },
    ],
    older: '20.10 has no --device',
  },
  {
    name: 'file capabilities and other attributes of a context file do not go with it',
    refs: ['kaniko issue_1837', 'gotcha 52'],
    context: {
      f: {
        text: 'x',
        mode: 0o755,
        xattrs: { 'security.capability': capability, 'user.k': 'v' },
      },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY f /\n',
        files: { '/f': { mode: '0755', xattrs: { 'security.capability': null, 'user.k': null } } },
      },
    ],
  },
]
