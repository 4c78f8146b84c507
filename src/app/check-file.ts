import { checkDockerfile } from '../lint/index.ts'
import { type Linted, type LintOptions, lintFile } from './lint-file.ts'
import type { Session } from './session.ts'

/** What `docker build --check` looks at. @throws as `lintFile` */
export function checkFile(session: Session | undefined, options: LintOptions): Linted {
  return lintFile(session, options, checkDockerfile)
}
