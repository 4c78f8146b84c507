import { Fault } from '../../base/index.ts'

/** What is said of a template that cannot be filled. */
export function badTemplate(template: string, hint: string, cause?: unknown): Fault {
  const message = `the template ${JSON.stringify(template)} cannot be filled`
  return new Fault('USAGE', message, { kind: 'invalid', hint, cause })
}
