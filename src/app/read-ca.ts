import type { Settings } from '../config/index.ts'
import { readUserFile } from './user-file.ts'

/** The CA bundle that the settings name, null when they name none. @throws Fault CA_UNREADABLE */
export function readCa({ ca }: Pick<Settings, 'ca'>): Buffer | null {
  if (ca === null) return null
  return readUserFile(ca, {
    code: 'CA_UNREADABLE',
    what: `open the CA bundle ${ca}`,
    hint: 'it is named by --ca, JETTISON_CA, SSL_CERT_FILE or NODE_EXTRA_CA_CERTS',
  })
}
