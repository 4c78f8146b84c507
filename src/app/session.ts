import type { EventSink } from '../base/index.ts'
import type { BaseSource, BuildPorts } from '../build/index.ts'
import type { Settings } from '../config/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../engines/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { addSource } from './add-source.ts'
import { baseSource } from './base-source.ts'

/** What one command works with: the composition root. Nothing is opened before it is asked for. */
export type Session = {
  readonly settings: Settings
  readonly store: Store
  readonly engine: EmbeddedEngine
  readonly bases: BaseSource
  readonly ports: BuildPorts
  readonly emit: EventSink
  readonly signal: AbortSignal
}

export type SessionOptions = {
  readonly settings: Settings
  readonly emit: EventSink
  readonly signal: AbortSignal
  /** How to start our own program again, for the monitor of a detached container. */
  readonly monitorCommand: readonly string[]
}

export function openSession({ settings, emit, signal, monitorCommand }: SessionOptions): Session {
  const store = openStore(settings.root)
  const engine = createEmbeddedEngine({
    store,
    isolation: settings.isolation,
    ca: settings.ca,
    proxy: settings.proxy,
    monitorCommand,
    emit,
  })
  const session: Session = {
    settings,
    store,
    engine,
    emit,
    signal,
    get bases() {
      return bases
    },
    get ports() {
      return ports
    },
  }
  const bases = baseSource(session)
  const ports: BuildPorts = { store, steps: engine.steps, bases, adds: addSource(session) }
  return session
}
