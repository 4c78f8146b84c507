import { Fault, isFault } from '../base/index.ts'
import { type HttpAnswer, readAll, redactUrl } from '../http/index.ts'

/**
 * The fault for an answer that is no success: UNAUTHORIZED, MANIFEST_UNKNOWN (for anything that is not there) or
 * REGISTRY_ERROR. Reads at most 64 kB of the body, for the registry's own words.
 */
export async function answerFault(
  answer: HttpAnswer,
  registry: string,
  what: string,
): Promise<Fault> {
  const words = await ownWords(answer)
  const detail = words === '' ? '' : ` (${words})`
  const { status, url } = answer
  if (status === 401 || status === 403)
    return new Fault('UNAUTHORIZED', `${registry} does not give access to ${what}${detail}`, {
      hint: `check the name, or log in with: jettison login ${registry}`,
    })
  if (status === 404)
    return new Fault('MANIFEST_UNKNOWN', `${registry} does not have ${what}${detail}`, {
      hint: 'check the spelling and the tag',
    })
  return new Fault('REGISTRY_ERROR', `${redactUrl(url)} answered ${status}${detail}`)
}

/** What could not be reached is a fault of the registry, whatever the connection died of. */
export function unreachable(registry: string, error: unknown): unknown {
  if (!isFault(error) || !error.code.startsWith('HTTP_')) return error
  return new Fault(
    'REGISTRY_UNREACHABLE',
    `the registry ${registry} cannot be used: ${error.message}`,
    {
      hint: error.hint,
      cause: error,
    },
  )
}

/**
 * The fault of a build whose base cannot be had, with what to do without a registry (DESIGN §9). Other faults, an
 * aborted signal among them, are passed on.
 */
export function baseNotFound(reference: string, error: unknown): unknown {
  const about = ['REGISTRY_UNREACHABLE', 'REGISTRY_ERROR', 'UNAUTHORIZED', 'MANIFEST_UNKNOWN']
  if (!isFault(error) || !about.includes(error.code)) return error
  return new Fault('BASE_NOT_FOUND', `cannot find the base image ${reference}: ${error.message}`, {
    hint: 'without a registry, build on stand-ins made from Debian packages: --bases stand-in (see: jettison bases)',
    cause: error,
  })
}

/** The messages of the distribution error document, without control characters, cut to a line. */
async function ownWords(answer: HttpAnswer): Promise<string> {
  try {
    const text = (await readAll(answer.body, 65_536, 'an error message')).toString('utf8')
    const { errors } = JSON.parse(text) as { readonly errors?: readonly Record<string, unknown>[] }
    const words = (errors ?? []).map((error) => String(error['message'] ?? error['code'] ?? ''))
    return words
      .join('; ')
      .replace(/\p{Cc}/gu, ' ')
      .slice(0, 300)
  } catch {
    answer.discard()
    return ''
  }
}
