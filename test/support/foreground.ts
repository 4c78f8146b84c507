import { createEmbeddedEngine } from '../../src/engines/index.ts'
import { openStore } from '../../src/store/index.ts'

// A container on the terminal of whoever starts this, as `run -it` has it.
const [root = '', name = '', reference = ''] = process.argv.slice(2)
const store = openStore(root)
const image = store.findImage(reference)
if (!image) throw new Error(`no image ${reference}`)
const { containers } = createEmbeddedEngine({ store })
const { ended } = await containers.run(
  { image, reference, name, terminal: true, removeOnExit: true },
  { stdin: 'inherit', output: (stream, bytes) => void process[stream].write(bytes) },
)
process.exitCode = (await ended).exitCode
