import { Fault, type Place } from '../base/index.ts'
import { parseDeviceFlag, type RunInstruction } from '../dockerfile/index.ts'
import { type Job, placeOf } from './job.ts'
import type { StepDevice } from './ports.ts'

/** What a RUN has beyond its sandbox. */
export type RunRights = {
  readonly insecure: boolean
  readonly network: 'host' | 'none'
  readonly devices: readonly StepDevice[]
}

/**
 * `--security`, `--network` and `--device` of a RUN. What lets it out of the sandbox has to be allowed by who builds,
 * not by who wrote the Dockerfile.
 * @throws Fault NOT_ALLOWED, BAD_DEVICE
 */
export function rightsOf(job: Job, instruction: RunInstruction): RunRights {
  const { flags } = instruction
  const last = (name: string): (typeof flags)[number] | undefined =>
    flags.findLast((flag) => flag.name === name)
  const security = last('security')
  const network = last('network')
  if (security?.value === 'insecure')
    needs(job, 'security.insecure', placeOf(job, security.range), 'a RUN with every capability')
  if (network?.value === 'host')
    needs(job, 'network.host', placeOf(job, network.range), "a RUN on the host's network")
  const asked = network?.value
  return {
    insecure: security?.value === 'insecure',
    network: asked === 'none' || asked === 'host' ? asked : job.request.network,
    devices: flags.flatMap((flag) => {
      if (flag.name !== 'device') return []
      const at = placeOf(job, flag.range)
      const device = parseDeviceFlag(flag.value ?? '')
      if (typeof device === 'string') throw new Fault('BAD_DEVICE', device, { kind: 'invalid', at })
      return [{ ...device, allowed: allowsDevice(job, device.name) }]
    }),
  }
}

function needs(job: Job, name: string, at: Place, what: string): void {
  if (!job.request.entitlements.includes(name))
    throw new Fault('NOT_ALLOWED', `${name} is not allowed`, {
      kind: 'invalid',
      at,
      hint: `${what} has to be allowed: build --allow ${name}`,
    })
}

/** `--allow device` for all, `--allow device=NAME` for one or for a kind. */
function allowsDevice({ request }: Job, name: string): boolean {
  return request.entitlements.some(
    (allowed) =>
      allowed === 'device' ||
      allowed === `device=${name}` ||
      allowed === `device=${name.split('=', 1)[0]}`,
  )
}
