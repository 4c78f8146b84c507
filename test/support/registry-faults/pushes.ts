import {
  both,
  deaf,
  fiveTimes,
  isManifest,
  isUpload,
  located,
  type RegistryFault,
  spoiled,
  status,
  taking,
  tokens,
} from './ways.ts'

/** What can go wrong on the way there. */
export const pushes: readonly Omit<RegistryFault, 'doing'>[] = [
  {
    name: '429 with Retry-After',
    spoil: spoiled(
      (asked) => asked.method === 'PUT' && isManifest(asked),
      status(429, { 'retry-after': '1' }),
      1,
    ),
    ends: 'survived',
  },
  {
    name: '503 where an upload begins',
    spoil: spoiled((asked) => isUpload('POST', asked), status(503), 2),
    ends: 'survived',
  },
  {
    name: '500 at every upload',
    spoil: spoiled((asked) => isUpload('POST', asked), status(500)),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'upload of a small blob cut',
    spoil: taking('PUT', 100, (response) => response.destroy()),
    ends: 'survived',
  },
  {
    name: 'upload of a large blob cut in the middle',
    spoil: taking('PATCH', 5_000_000, (response) => response.destroy()),
    ends: 'survived',
    asked: (seen) =>
      seen.some(
        ({ method, headers }) =>
          method === 'PATCH' && /^[1-9]\d*-/.test(headers['content-range'] ?? ''),
      ),
  },
  {
    name: 'a piece that is taken in part only',
    spoil: taking('PATCH', 4_000_000, (response, request, taken) => {
      request.resume()
      response.writeHead(202, { range: `0-${taken - 1}` }).end()
    }),
    ends: 'survived',
  },
  {
    name: 'the upload is forgotten in the middle',
    spoil: taking('PATCH', 3_000_000, (response) => response.writeHead(404).end()),
    ends: 'survived',
  },
  {
    name: 'the upload is forgotten each time',
    spoil: taking('PATCH', 1000, (response) => response.writeHead(404).end(), 99),
    ends: /^UPLOAD_LOST$/,
  },
  {
    name: 'no uploads in pieces',
    spoil: spoiled((asked) => isUpload('PATCH', asked), status(405)),
    ends: 'survived',
  },
  {
    name: 'a range that cannot be',
    spoil: taking(
      'PATCH',
      1000,
      (response, request) => {
        request.resume()
        response.writeHead(202, { range: '0-99999999999' }).end()
      },
      99,
    ),
    ends: /^UPLOAD_LOST$/,
  },
  {
    name: 'upload location at another host',
    spoil: (registry) =>
      both(
        tokens(
          (token, { headers }) =>
            token !== 'undefined' || String(headers.host).startsWith('localhost'),
        )(registry),
        located((path) => `http://localhost:${registry.host.split(':')[1]}${path}`)(registry),
      ),
    ends: 'survived',
    asked: (seen) =>
      seen
        .filter(({ headers }) => String(headers.host).startsWith('localhost'))
        .every(({ headers }) => headers.authorization === undefined),
  },
  {
    name: 'upload location at the metadata address',
    spoil: located((path) => `http://169.254.169.254${path}`),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_ADDRESS_REFUSED)$/,
  },
  {
    name: 'upload location that is a file',
    spoil: located(() => 'file:///etc/passwd'),
    ends: /^REGISTRY_ERROR$/,
  },
  { name: 'no upload location', spoil: located(() => null), ends: /^REGISTRY_ERROR$/ },
  { name: 'each token good for five requests', spoil: tokens(fiveTimes()), ends: 'survived' },
  {
    name: 'token loop',
    spoil: tokens(() => false),
    ends: /^UNAUTHORIZED$/,
    asked: (seen) => seen.length < 40,
  },
  {
    name: 'the answer to the last request of an upload is lost',
    spoil: deaf((asked) => isUpload('PUT', asked), 2),
    ends: 'survived',
  },
  {
    name: 'the answer to the manifest is lost',
    spoil: deaf((asked) => asked.method === 'PUT' && isManifest(asked)),
    ends: 'survived',
  },
  {
    name: 'another digest for the manifest',
    spoil: spoiled(
      (asked) => asked.method === 'PUT' && isManifest(asked),
      status(201, { 'docker-content-digest': `sha256:${'1'.repeat(64)}` }),
    ),
    ends: /^DIGEST_MISMATCH$/,
  },
  {
    name: 'too large for it',
    spoil: spoiled((asked) => isUpload('PUT', asked) || isUpload('PATCH', asked), status(413)),
    ends: /^REGISTRY_ERROR$/,
  },
  {
    name: 'a blob that it says it has, of another size',
    spoil: spoiled(
      (asked) => asked.method === 'HEAD' && /blobs/.test(asked.url),
      status(200, { 'content-length': '3' }),
      2,
    ),
    ends: 'survived',
  },
  {
    name: 'no right to push',
    spoil: spoiled((asked) => isUpload('POST', asked), status(403)),
    ends: /^UNAUTHORIZED$/,
  },
]
