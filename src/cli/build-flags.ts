import type { FlagSpec } from './flags.ts'
import { outputFlags } from './outputs.ts'

const list = (long: string, value: string, help: string, short?: string): FlagSpec => ({
  ...{ long, kind: 'list', value, help: `${help} (repeatable)` },
  ...(short === undefined ? {} : { short }),
})

const text = (long: string, value: string, help: string, short?: string): FlagSpec => ({
  ...{ long, kind: 'string', value, help },
  ...(short === undefined ? {} : { short }),
})

const bool = (long: string, help: string, short?: string): FlagSpec => ({
  ...{ long, kind: 'bool', help },
  ...(short === undefined ? {} : { short }),
})

/** The flags of `build`: Docker's names and meaning, and `--why`. */
export const buildFlags: readonly FlagSpec[] = [
  list('tag', 'NAME', 'Name and optionally tag: name:tag', 't'),
  text(
    'file',
    'FILE',
    'Name of the Dockerfile (default: PATH/Dockerfile); - is standard input',
    'f',
  ),
  text('target', 'STAGE', 'Set the target build stage to build'),
  list('build-arg', 'NAME=VALUE', 'Set build-time variables'),
  list('label', 'NAME=VALUE', 'Set metadata for an image'),
  list(
    'secret',
    'id=ID,src=FILE',
    'Secret to expose to the build; env=VARIABLE in the place of src',
  ),
  list('ssh', 'ID[=SOCKET|KEY]', 'SSH agent or keys to expose to the build; default is the agent'),
  text('network', 'MODE', 'host (default) or none, for RUN'),
  list('add-host', 'NAME:IP', 'Add a line to /etc/hosts of RUN'),
  text('shm-size', 'BYTES', 'Size of /dev/shm of RUN, for example 128m (default: 64m)'),
  list('ulimit', 'NAME=SOFT[:HARD]', 'A limit of the processes of RUN'),
  text('platform', 'OS/ARCH', "Platform of the image: this machine's, until RUN is emulated"),
  bool('pull', 'Look in the registry for newer base images'),
  text('call', 'METHOD', 'build (default), check, outline or targets; with ,format=json'),
  bool('check', 'Shorthand for --call=check: print the warnings and build nothing'),
  bool('rm', 'Accepted for Docker: no intermediate containers are kept'),
  bool('force-rm', 'The same'),
  bool('compress', 'Accepted for Docker: the context is read where it lies'),
  bool('no-cache', 'Do not use the cache'),
  bool('why', 'Say why each step that runs was not in the cache'),
  list('no-cache-filter', 'STAGE', 'Do not use the cache for these stages'),
  list(
    'cache-from',
    'type=TYPE,…',
    'Steps of other builds: type=registry,ref=NAME or type=local,src=DIR; a NAME',
  ),
  list(
    'cache-to',
    'type=TYPE,…',
    'Leave the steps for other builds: type=registry,ref=NAME, type=local,dest=DIR, type=inline; mode=max',
  ),
  list(
    'build-context',
    'NAME=PATH',
    'A folder, repository, address, docker-image://NAME or oci-layout://PATH in the place of an image or stage',
  ),
  list(
    'allow',
    'NAME',
    'Allow what a RUN asks for beyond the sandbox: security.insecure, network.host, device',
  ),
  ...outputFlags,
  text('metadata-file', 'FILE', 'Write what became of the build to the file, as JSON'),
  text('iidfile', 'FILE', 'Write the image ID to the file'),
  bool('quiet', 'Print the image ID only', 'q'),
]
