import type { ComponentType } from 'preact'
import type { View } from '../state.ts'
import { Ballast } from './ballast.tsx'
import { Build } from './build.tsx'
import { Checks } from './checks.tsx'
import { DockerfileView } from './dockerfile.tsx'
import { Files } from './files.tsx'
import { Layers } from './layers.tsx'
import { Overview } from './overview.tsx'
import { Packages } from './packages.tsx'
import type { ViewProps } from './props.ts'

export const viewTitles: Readonly<Record<View, string>> = {
  overview: 'Overview',
  dockerfile: 'Dockerfile',
  layers: 'Layers',
  files: 'Files',
  packages: 'Packages',
  ballast: 'Ballast',
  checks: 'Checks',
  build: 'Build',
}

export const viewComponents: Readonly<Record<View, ComponentType<ViewProps>>> = {
  overview: Overview,
  dockerfile: DockerfileView,
  layers: Layers,
  files: Files,
  packages: Packages,
  ballast: Ballast,
  checks: Checks,
  build: Build,
}
