import type { EventSink } from '../base/index.ts'
import type { BaseSource } from '../build/index.ts'
import type { Settings } from '../config/index.ts'
import type { EmbeddedEngine } from '../engines/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { baseSource } from './base-source.ts'
import { readCa } from './read-ca.ts'

/** What one command works with: the composition root. Nothing is opened before it is asked for. */
export type Session = {
  readonly settings: Settings
  readonly store: Store
  /** Loaded when something is to run: a build that runs nothing does without. @throws Fault CA_UNREADABLE */
  readonly engine: () => Promise<EmbeddedEngine>
  readonly bases: Required<BaseSource>
  readonly emit: EventSink
  readonly signal: AbortSignal
  /** Does work that leaves nothing to tidy up; a signal ends the process in the middle of it. */
  readonly untilKilled: <T>(work: () => T) => T
}

export type SessionOptions = {
  readonly settings: Settings
  readonly emit: EventSink
  readonly signal: AbortSignal
  /** How to start our own program again, for the monitor of a detached container; none are started without it. */
  readonly monitorCommand?: readonly string[]
  /** Takes the handlers of signals away while the work is done; by default they stay. */
  readonly untilKilled?: Session['untilKilled']
}

export function openSession(options: SessionOptions): Session {
  const { settings, emit, signal, monitorCommand = [], untilKilled = (work) => work() } = options
  const store = openStore(settings.root)
  let loading: Promise<EmbeddedEngine> | undefined
  const engine = (): Promise<EmbeddedEngine> => {
    loading ??= loadEngine(store, settings, monitorCommand, emit)
    return loading
  }
  const session: Session = {
    ...{ settings, store, engine, emit, signal, untilKilled },
    // Bases are built with the session that they belong to.
    bases: baseSource(() => session),
  }
  return session
}

async function loadEngine(
  store: Store,
  settings: Settings,
  monitorCommand: readonly string[],
  emit: EventSink,
): Promise<EmbeddedEngine> {
  const { createEmbeddedEngine } = await import('../engines/index.ts')
  return createEmbeddedEngine({
    store,
    isolation: settings.isolation,
    ca: readCa(settings),
    proxy: settings.proxy,
    monitorCommand,
    searchPath: settings.searchPath,
    emit,
  })
}
