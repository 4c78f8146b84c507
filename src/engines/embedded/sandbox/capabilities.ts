/**
 * Docker's default capabilities (containerd `pkg/oci/spec.go`) by number, capabilities(7). They fill the bounding,
 * effective and permitted sets; inheritable stays empty (CVE-2022-24769).
 */
export const dockerCapabilities: Readonly<Record<string, number>> = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_SETPCAP: 8,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_RAW: 13,
  CAP_SYS_CHROOT: 18,
  CAP_MKNOD: 27,
  CAP_AUDIT_WRITE: 29,
  CAP_SETFCAP: 31,
}

/** The set as the kernel writes it in /proc/PID/status. */
export const capabilityMask: number = Object.values(dockerCapabilities).reduce(
  (mask, bit) => mask + 2 ** bit,
  0,
)

/** Highest number a kernel may know; dropping an unknown one fails with EINVAL and is ignored. */
export const lastCapability = 63
