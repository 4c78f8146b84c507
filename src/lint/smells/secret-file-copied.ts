import { posix } from 'node:path'
import type { Rule } from '../types.ts'
import { finalInstructions } from './final-image.ts'

const secret =
  /^(?:\.env(?:\.(?!example|sample|template|dist)[\w-]+)*|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.pypirc|\.npmrc|\.pgpass|\.htpasswd|kubeconfig|\.aws|\.ssh|\.gnupg|credentials(?:\.json)?|service-account[\w-]*\.json|[\w.-]*(?:private|secret|priv)[\w.-]*\.(?:pem|key)|[\w-]+\.key|[\w-]+\.p12|[\w-]+\.pfx)$/

/** S14: whoever pulls the image has the secret, also after a later layer deletes it. */
export const secretFileCopied: Rule = {
  id: 'SecretFileCopied',
  description: 'Files with secrets should be mounted, not copied',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { instruction, words } of finalInstructions(facts)) {
      if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue
      const file = words.find((word) => secret.test(posix.basename(word)))
      if (file === undefined) continue
      yield {
        message: `${file} looks like a secret and becomes part of the image; RUN --mount=type=secret does not`,
        instruction,
      }
    }
  },
}
