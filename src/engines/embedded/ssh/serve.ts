import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '../../../base/index.ts'
import type { SshKeys } from '../../../build/index.ts'
import { type AgentKey, readKey } from './key.ts'
import { reader, string, uint32 } from './wire.ts'

// Messages of draft-miller-ssh-agent §5.1.
const failure = Buffer.from([5])
const requestIdentities = 11
const identitiesAnswer = 12
const signRequest = 13
const signResponse = 14

const maxMessage = 256 * 1024

/**
 * Listens on a socket of its own for one RUN. Whatever is behind it, a RUN can ask for the list of keys and for
 * signatures; adding and removing keys, locking and extensions fail (as BuildKit's forwarding).
 * @returns the socket's path on the host; it is gone with the scope
 * @throws Fault SSH_KEY_INVALID
 */
export async function serveAgent(
  wanted: {
    readonly keys: SshKeys
    readonly mode: number
    readonly uid: number
    readonly gid: number
  },
  scope: Scope,
): Promise<string> {
  const answer = answererFor(wanted.keys)
  // The path of a socket has at most 107 bytes: the store's may be longer.
  const dir = scope.add(mkdtempSync(join(tmpdir(), 'jettison-ssh-')), (made) =>
    rmSync(made, { recursive: true, force: true }),
  )
  const path = join(dir, 'agent')
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    speak(socket, answer)
  })
  scope.add(server, (made) => close(made, open))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chownSync(path, wanted.uid, wanted.gid)
  chmodSync(path, wanted.mode)
  return path
}

/** Answers one message; each is the bytes after the length. */
type Answer = (message: Buffer) => Promise<Buffer>

function close(server: Server, open: ReadonlySet<Socket>): void {
  server.close()
  for (const socket of open) socket.destroy()
}

function answererFor(keys: SshKeys): Answer {
  if (keys.kind === 'agent') return (message) => askAgent(keys.socket, message)
  const held = keys.keys.map((bytes, at) => readKey(bytes, `key ${at + 1}`))
  return (message) => Promise.resolve(answerWith(held, message))
}

function speak(socket: Socket, answer: Answer): void {
  let pending = Buffer.alloc(0)
  let turn: Promise<void> = Promise.resolve()
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes])
    for (;;) {
      const message = firstMessage(pending)
      if (message === 'too long') {
        socket.destroy()
        return
      }
      if (message === null) return
      pending = pending.subarray(4 + message.length)
      // Answers come in the order of the questions.
      turn = turn.then(async () => {
        const bytes = await answerOrFail(answer, message)
        if (!socket.destroyed) socket.write(string(bytes))
      })
    }
  })
}

function firstMessage(bytes: Buffer): Buffer | null | 'too long' {
  if (bytes.length < 4) return null
  const length = bytes.readUInt32BE()
  if (length > maxMessage) return 'too long'
  return bytes.length < 4 + length ? null : Buffer.from(bytes.subarray(4, 4 + length))
}

async function answerOrFail(answer: Answer, message: Buffer): Promise<Buffer> {
  if (message[0] !== requestIdentities && message[0] !== signRequest) return failure
  try {
    return await answer(message)
  } catch {
    return failure
  }
}

function answerWith(keys: readonly AgentKey[], message: Buffer): Buffer {
  if (message[0] === requestIdentities)
    return Buffer.concat([
      Buffer.from([identitiesAnswer]),
      uint32(keys.length),
      ...keys.flatMap(({ blob, comment }) => [string(blob), string(comment)]),
    ])
  const asked = reader(message.subarray(1))
  const blob = asked.string()
  const data = asked.string()
  const flags = asked.left() >= 4 ? asked.uint32() : 0
  const key = keys.find((held) => held.blob.equals(blob))
  return key ? Buffer.concat([Buffer.from([signResponse]), string(key.sign(data, flags))]) : failure
}

/** One question to the agent of the host, on a connection of its own. */
function askAgent(path: string, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    let received = Buffer.alloc(0)
    socket.once('error', reject)
    socket.once('end', () => reject(new Error('the agent hung up')))
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      const found = firstMessage(received)
      if (found === null) return
      socket.destroy()
      if (found === 'too long') reject(new Error('the agent answers too much'))
      else resolve(found)
    })
    socket.write(string(message))
  })
}
