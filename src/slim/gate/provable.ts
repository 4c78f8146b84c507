import type { PlanInput, Refusal } from '../types.ts'

/** Where commands of the app may be written down besides the image. */
const elsewhere = [
  ...['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml', 'Procfile'],
  ...['README.md', 'openapi.json', 'openapi.yaml', 'jettison.yaml'],
]

/**
 * Refuses an image that starts nothing of its own, when no probe is given and no file of the project says how it is
 * used: what comes out could not be proved, only hoped for.
 */
export function refuseUnprovable({ facts, probed }: PlanInput): Refusal | null {
  const starts = facts.chain.some(({ instructions }) =>
    instructions.some(({ kind }) => /^(?:cmd|entrypoint|healthcheck|expose)$/.test(kind)),
  )
  if (probed !== false || starts || elsewhere.some((file) => facts.context.has(file))) return null
  return {
    code: 'cannot-prove',
    message: 'the image starts nothing of its own, so nothing could show that a lean one works',
    details: [
      'no CMD, ENTRYPOINT, HEALTHCHECK or EXPOSE in the Dockerfile, and no compose file beside it',
      'say what it is used for: --probe "cmd: COMMAND" or --probe http://:PORT/PATH',
    ],
  }
}
