import { createEmbeddedEngine } from '../../src/engines/index.ts'
import { openStore } from '../../src/store/index.ts'

// The process that owns a detached container in a test; bundled by the test that needs it.
const [root = '', id = ''] = process.argv.slice(2)
const engine = createEmbeddedEngine({ store: openStore(root) })
const container = await engine.containers.monitor(id)
await container.ended
