/** Entrypoints: other commands that a project starts its image with. In: texts of the project. Out: commands; none is run. */
export { type FromCompose, fromCompose } from './compose.ts'
export type { ComposeService } from './compose-services.ts'
export { fromManage } from './manage.ts'
export { fromProcfile, procfilePorts } from './procfile.ts'
export type { ProjectFiles, SecondaryEntrypoint } from './types.ts'
