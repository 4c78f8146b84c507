import { randomBytes } from 'node:crypto'
import { Fault } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'

/** 16 characters of `[0-9a-f]`: short, because overlay mounts have room for 4096 bytes of paths. */
export function randomName(): string {
  return randomBytes(8).toString('hex')
}

/** The only maker of layer ids: what is read from a record becomes a path only through here. @throws Fault LAYER_ID_INVALID */
export function parseLayerId(text: string): LayerId {
  if (!/^[0-9a-f]{16}$/.test(text))
    throw new Fault('LAYER_ID_INVALID', `not a layer id: ${JSON.stringify(text.slice(0, 100))}`, {
      kind: 'internal',
    })
  return text as LayerId
}

/** The owner's lease in the name of a draft, workspace or temporary file (`LEASE.rest`). */
export function leaseIn(name: string): string {
  return name.split('.')[0] ?? ''
}
