import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

/** One of these as a whole part of the name: `api_key` has one, `monkey` has none. */
const secret = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i
const harmless = /(?:_|^)(?:public|file|version)(?:_|$)/i

export const secretsUsedInArgOrEnv: Rule = {
  id: 'SecretsUsedInArgOrEnv',
  description: 'Sensitive data should not be used in the ARG or ENV commands',
  url: dockerPage('secrets-used-in-arg-or-env'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ visible }) {
    for (const { instruction, words } of visible.flatMap(({ instructions }) => instructions)) {
      if (instruction.kind !== 'arg' && instruction.kind !== 'env') continue
      for (const [index, key] of words.entries()) {
        if (!secret.test(key) || harmless.test(key)) continue
        yield {
          message: `Do not use ARG or ENV instructions for sensitive data (${instruction.kind.toUpperCase()} ${JSON.stringify(key)})`,
          instruction,
          range: instruction.pairs[index]?.range ?? instruction.range,
        }
      }
    }
  },
}
