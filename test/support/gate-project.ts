import { writeFiles } from './jettison.ts'

/** Every policy, each with something to find. */
const everything = {
  'min-stages': { min: 3 },
  'image-size': { max: 1000 },
  'http-probe': { url: 'http://:5000/health' },
  'forbidden-packages': { packages: ['gcc'] },
  'runtime-base': { image: 'python:3.11-slim' },
  'max-growth': { max: 1 },
  'max-layers': { max: 1 },
  'max-layer-size': { max: 100 },
  'max-ballast': { percent: 1 },
  'no-build-tools': {},
  'no-dev-headers': {},
  'no-package-cache': {},
  'no-vcs-data': {},
  'no-docs': {},
  'no-debug-tools': {},
  'no-wasted-bytes': { max: 10 },
  'no-metadata-copies': { max: 10 },
  'base-image': { pin: 'digest' },
  user: { not: 'root' },
  files: { absent: ['**/.env'], present: ['/etc/passwd'] },
  metadata: { exposedPorts: ['5000'], workdir: '/srv' },
  'no-secrets': {},
  'no-tests': {},
  'no-dev-dependencies': {},
  'no-duplicates': {},
  dockerignore: {},
  'copy-order': {},
  parity: {},
  boots: { seconds: 1 },
  healthcheck: {},
}

export const kilobyte = 'x'.repeat(1000)

/** A project with a policy file that it fails in every policy: an image FROM scratch, made in a moment. */
export function writeGateProject(folder: string): void {
  writeFiles(folder, {
    Dockerfile: [
      // Nothing needs this stage, so it is never built.
      'FROM scratch AS unused',
      'COPY . .',
      'RUN npm ci',
      'FROM scratch',
      'ENV API_TOKEN=told-to-nobody',
      'COPY gcc /usr/bin/gcc',
      'COPY stdio.h /usr/include/',
      'COPY wheel /root/.cache/pip/',
      'COPY git /app/.git/',
      'COPY manual /usr/share/doc/app/manual',
      'COPY debug /usr/lib/debug/app.debug',
      'COPY env /app/.env',
      'COPY once /app/data',
      'COPY twice /app/data',
      'COPY twice /app/same',
      'COPY --chmod=700 twice /app/same',
      'COPY netrc /app/.netrc',
      'COPY nothing /app/.netrc',
      'COPY large /app/large',
      'COPY large /app/again',
      'COPY node_modules /app/node_modules',
      'COPY package.json /app/',
      'CMD ["/app/none"]',
      '',
    ].join('\n'),
    ...Object.fromEntries(
      ['gcc', 'stdio.h', 'wheel', 'manual', 'debug', 'env', 'once'].map((name) => [name, kilobyte]),
    ),
    twice: kilobyte.toUpperCase(),
    netrc: 'machine x',
    nothing: '',
    'git/HEAD': 'ref: refs/heads/main\n',
    'git/objects/ab/cd': kilobyte,
    large: kilobyte.repeat(5),
    'node_modules/left/package.json': JSON.stringify({ name: 'left', version: '1.0.0' }),
    'node_modules/left/test/all.js': kilobyte,
    'node_modules/right/package.json': JSON.stringify({ name: 'right', version: '1.0.0' }),
    'node_modules/right/index.js': kilobyte,
    'package.json': JSON.stringify({
      ...{ name: 'app', version: '1.0.0' },
      ...{ dependencies: { left: '1' }, devDependencies: { right: '1' } },
    }),
    'baseline.json': JSON.stringify({
      ...{ version: 1, reference: 'old', size: 10, layers: 1, ballast: 0 },
      configuration: { Cmd: ['/app/some'] },
    }),
    'jettison.yaml': JSON.stringify({
      version: 1,
      policies: everything,
      baseline: 'baseline.json',
    }),
  })
}
