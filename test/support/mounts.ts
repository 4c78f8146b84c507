import { readFileSync } from 'node:fs'

/**
 * The mounts of the host's namespace that jettison could have made: overlays, and whatever lies below a store or work
 * folder of its. Other mounts come and go with other programs on the machine.
 */
export function ourMounts(): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter(
      (line) =>
        / - overlay /.test(line) || /jettison[^ ]*\/(?:store|work|layers|drafts)/.test(line),
    )
}
