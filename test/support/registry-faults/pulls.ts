import {
  both,
  cut,
  endless,
  fiveTimes,
  flipped,
  head,
  isBlob,
  isLarge,
  isManifest,
  largeOf,
  layer,
  type RegistryFault,
  redirect,
  spoiled,
  status,
  tokens,
  trickle,
} from './ways.ts'

/** What can go wrong on the way here. */
export const pulls: readonly Omit<RegistryFault, 'doing'>[] = [
  {
    name: '429 with Retry-After',
    spoil: spoiled(isManifest, status(429, { 'retry-after': '1' }), 1),
    ends: 'survived',
  },
  {
    name: '429 with a Retry-After of an hour',
    spoil: spoiled(isManifest, status(429, { 'retry-after': '3600' })),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  { name: '429 without Retry-After', spoil: spoiled(isBlob, status(429), 2), ends: 'survived' },
  ...[408, 500, 502, 503, 504].map((code) => ({
    name: `${code}, once`,
    spoil: spoiled(isBlob, status(code), 1),
    ends: 'survived' as const,
  })),
  {
    name: '503 without end',
    spoil: spoiled(isManifest, status(503)),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'connection cut before the answer',
    spoil: spoiled(isManifest, (_, response) => response.destroy(), 2),
    ends: 'survived',
  },
  {
    name: 'connection always cut before the answer',
    spoil: spoiled(isManifest, (_, response) => response.destroy()),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'an answer that is no HTTP',
    spoil: spoiled(isManifest, (_, response) => response.socket?.end('hello\r\n\r\n'), 1),
    ends: 'survived',
  },
  {
    name: 'layer cut in the middle',
    spoil: layer(
      (rest, asked, response) =>
        cut(head(asked, rest.length, response), rest.subarray(0, 1_000_000)),
      1,
    ),
    ends: 'survived',
    asked: (seen) => seen.some(({ headers }) => /^bytes=[1-9]\d*-$/.test(headers.range ?? '')),
  },
  {
    name: 'layer cut every 3 MB',
    spoil: layer((rest, asked, response) =>
      cut(head(asked, rest.length, response), rest.subarray(0, 3_000_000)),
    ),
    ends: 'survived',
  },
  {
    name: 'layer cut, and Range ignored',
    spoil: layer((rest, asked, response, count, whole) =>
      count === 1
        ? cut(head(asked, rest.length, response), rest.subarray(0, 1_000_000))
        : response.writeHead(200).end(whole),
    ),
    ends: 'survived',
  },
  {
    name: 'layer cut, and another range sent',
    spoil: layer((rest, asked, response, count) =>
      count === 1
        ? cut(head(asked, rest.length, response), rest.subarray(0, 1_000_000))
        : response.writeHead(206, { 'content-range': 'bytes 7-8/9' }).end(rest),
    ),
    ends: /^REGISTRY_ERROR$/,
  },
  {
    name: 'layer cut at once, for ever',
    spoil: layer((rest, asked, response) =>
      cut(head(asked, rest.length, response), Buffer.from([])),
    ),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_)/,
  },
  {
    name: 'Content-Length too small',
    spoil: layer((rest, asked, response) =>
      head(asked, rest.length - 10, response).end(rest.subarray(0, -10)),
    ),
    ends: /^(?:SIZE_MISMATCH|ARCHIVE_CORRUPT)$/,
  },
  {
    name: 'Content-Length too large',
    spoil: layer((rest, asked, response) => cut(head(asked, rest.length + 10, response), rest)),
    ends: 'survived',
  },
  {
    name: 'bytes after the end',
    spoil: layer((rest, _, response) =>
      response.writeHead(200).end(Buffer.concat([rest, Buffer.from('more')])),
    ),
    ends: /^SIZE_MISMATCH$/,
  },
  {
    name: 'a layer without end',
    spoil: layer((rest, _, response) => endless(response, rest)),
    ends: /^SIZE_MISMATCH$/,
  },
  {
    name: 'another layer of the same length',
    spoil: layer((rest, asked, response) =>
      head(asked, rest.length, response).end(Buffer.alloc(rest.length, 7)),
    ),
    ends: /^(?:DIGEST_MISMATCH|ARCHIVE_CORRUPT|TAR_\w+)$/,
  },
  {
    name: 'one byte of the layer changed',
    spoil: layer((rest, asked, response) => head(asked, rest.length, response).end(flipped(rest))),
    ends: /^(?:DIGEST_MISMATCH|ARCHIVE_CORRUPT)$/,
  },
  {
    name: 'another configuration',
    spoil: (registry) =>
      spoiled(
        (asked) =>
          isBlob(asked) && !isLarge(registry, asked) && largeOf(registry, asked)[0] === 0x7b,
        (asked, response) => response.writeHead(200).end(flipped(largeOf(registry, asked))),
      )(registry),
    ends: /^DIGEST_MISMATCH$/,
  },
  {
    name: 'a manifest that is not its Docker-Content-Digest',
    spoil: spoiled(isManifest, (_, response) =>
      response.writeHead(200, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end('{}'),
    ),
    ends: /^DIGEST_MISMATCH$/,
  },
  {
    name: 'HTML instead of a manifest',
    spoil: spoiled(isManifest, (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
    ),
    ends: /^MANIFEST_INVALID$/,
  },
  {
    name: 'a manifest of 5 MB',
    spoil: spoiled(isManifest, (_, response) =>
      response.writeHead(200).end(Buffer.alloc(5 << 20, 32)),
    ),
    ends: /^(?:HTTP_TOO_LARGE|REGISTRY_UNREACHABLE)$/,
  },
  {
    name: 'a slow layer',
    spoil: layer((rest, asked, response) => void trickle(head(asked, rest.length, response), rest)),
    ends: 'survived',
  },
  {
    name: 'a layer that stops in the middle',
    spoil: layer(
      (rest, asked, response) =>
        head(asked, rest.length, response).write(rest.subarray(0, 500_000)),
      1,
    ),
    ends: 'survived',
  },
  {
    name: 'a manifest that never comes',
    spoil: spoiled(isManifest, () => {}),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'token loop',
    spoil: tokens(() => false),
    ends: /^UNAUTHORIZED$/,
    asked: (seen) => seen.length < 20,
  },
  { name: 'each token good for five requests', spoil: tokens(fiveTimes()), ends: 'survived' },
  {
    name: 'a realm at the metadata address',
    spoil: tokens(() => false, 'http://169.254.169.254/latest'),
    ends: /^(?:UNAUTHORIZED|REGISTRY_UNREACHABLE|HTTP_ADDRESS_REFUSED)$/,
  },
  {
    name: 'a realm that is a file',
    spoil: tokens(() => false, 'file:///etc/passwd'),
    ends: /^UNAUTHORIZED$/,
  },
  {
    name: 'blobs at another host',
    spoil: (registry) =>
      both(
        tokens((token, { url }) => token !== 'undefined' || url.includes('from-afar'))(registry),
        redirect(({ url }) => `http://localhost:${registry.host.split(':')[1]}${url}?from-afar`)(
          registry,
        ),
      ),
    ends: 'survived',
    asked: (seen) =>
      seen
        .filter(({ url }) => url.includes('from-afar'))
        .every(({ headers }) => headers.authorization === undefined),
  },
  {
    name: 'redirects in a circle',
    spoil: redirect(({ url }) => url),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_REDIRECT)$/,
  },
  {
    name: 'a redirect to the metadata address',
    spoil: redirect(() => 'http://169.254.169.254/latest/meta-data'),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_ADDRESS_REFUSED)$/,
  },
  {
    name: 'a redirect to a file',
    spoil: redirect(() => 'file:///etc/passwd'),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_REDIRECT)$/,
  },
]
