import type { Asked } from '../memory-registry.ts'
import {
  cut,
  flipped,
  headOfRange,
  isBlob,
  type RegistryFault,
  range,
  spoiled,
  status,
} from './ways.ts'

const rangesOf = (seen: readonly Asked[]): readonly string[] =>
  seen.flatMap((asked) => (isBlob(asked) && asked.headers.range ? [asked.headers.range] : []))
/** Asked for in one piece, from the beginning or from where the ranges ended. */
const inOnePiece = (seen: readonly Asked[]): boolean =>
  rangesOf(seen).some((asked) => /^bytes=\d+-$/.test(asked)) ||
  seen.filter((asked) => isBlob(asked) && asked.headers.range === undefined).length > 2

/** What can go wrong when a large layer is fetched by several ranges at a time. */
export const ranges: readonly Omit<RegistryFault, 'doing'>[] = [
  {
    name: 'ranges as they should be',
    spoil: () => () => false,
    ends: 'survived',
    asked: (seen) => new Set(rangesOf(seen)).size > 2 && !inOnePiece(seen),
  },
  {
    name: 'a range cut in the middle',
    spoil: range(
      (part, start, response) =>
        cut(headOfRange(response, start, part.length), part.subarray(0, 100_000)),
      { from: 1, times: 1 },
    ),
    ends: 'survived',
    asked: (seen) => new Set(rangesOf(seen)).size > 3 && !inOnePiece(seen),
  },
  {
    name: 'each range cut after 5 MB',
    spoil: range((part, start, response) =>
      cut(headOfRange(response, start, part.length), part.subarray(0, 5_000_000)),
    ),
    ends: 'survived',
  },
  {
    name: 'ranges that bring nothing, for ever',
    spoil: range((part, start, response) =>
      cut(headOfRange(response, start, part.length), Buffer.alloc(0)),
    ),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: 'Range ignored',
    spoil: range((_, __, response, whole) =>
      response.writeHead(200, { 'content-length': whole.length }).end(whole),
    ),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: 'Range ignored by one of several servers',
    spoil: range(
      (_, __, response, whole) =>
        response.writeHead(200, { 'content-length': whole.length }).end(whole),
      { from: 1, times: 1 },
    ),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: 'another range than the one asked for',
    spoil: range(
      (part, start, response) => headOfRange(response, start + 1, part.length).end(part),
      { from: 1 },
    ),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: 'no Content-Range',
    spoil: range((part, _, response) =>
      response.writeHead(206, { 'content-length': part.length }).end(part),
    ),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: 'more bytes than the range has',
    spoil: range(
      (part, start, response) =>
        response
          .writeHead(206, { 'content-range': `bytes ${start}-${start + part.length - 1}/*` })
          .end(Buffer.concat([part, part])),
      { from: 1 },
    ),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: 'shorter ranges than asked for',
    spoil: range((part, start, response) => {
      const shorter = part.subarray(0, 5_000_000)
      headOfRange(response, start, shorter.length).end(shorter)
    }),
    ends: 'survived',
  },
  {
    name: 'one byte of a range changed',
    spoil: range(
      (part, start, response) => headOfRange(response, start, part.length).end(flipped(part)),
      { from: 1, times: 1 },
    ),
    ends: /^(?:DIGEST_MISMATCH|ARCHIVE_CORRUPT|TAR_\w+)$/,
  },
  {
    name: '416 for every range',
    spoil: spoiled((asked) => /^bytes=\d+-\d+$/.test(asked.headers.range ?? ''), status(416)),
    ends: 'survived',
    asked: inOnePiece,
  },
  {
    name: '503 for a range, twice',
    spoil: spoiled((asked) => /^bytes=\d{3,}-\d+$/.test(asked.headers.range ?? ''), status(503), 2),
    ends: 'survived',
    asked: (seen) => !inOnePiece(seen),
  },
]
