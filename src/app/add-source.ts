import type { AddSource } from '../build/index.ts'
import type { Session } from './session.ts'
