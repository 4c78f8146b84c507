/** Config: flags > environment > defaults. In: parsed flags, the environment. Out: Settings. */
export { type Environment, readSettings, type Settings } from './environment.ts'
