/** Entrypoints: other commands that a project starts its image with. In: texts of the project. Out: commands; none is run. */
export { fromCompose } from './compose.ts'
export { fromManage } from './manage.ts'
export { fromProcfile } from './procfile.ts'
export type { ProjectFiles, SecondaryEntrypoint } from './types.ts'
