/**
 * Config: flags > environment > defaults, and what the files of Docker and the containers tools say of registries.
 * In: parsed flags, the environment. Out: Settings, RegistryFiles.
 */
export { type Environment, readSettings, type Settings } from './environment.ts'
export { type RegistryFiles, type RegistryPlaces, readRegistryFiles } from './registry-files.ts'
