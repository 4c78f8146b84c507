/**
 * Services: other images that an app needs (a database, a queue). In: a ContainerRunner and services. Out: a
 * ContainerRunner whose apps have them, each app its own.
 */
export { type AppConditions, appRunner } from './app-runner.ts'
export { absentService, suggestService } from './suggest.ts'
export type { AbsentService, Service } from './types.ts'
