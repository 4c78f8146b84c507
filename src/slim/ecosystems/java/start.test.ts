import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../../test/support/memory-tree.ts'
import { readDpkg } from '../../../analysis/index.ts'
import { parseDockerfile } from '../../../dockerfile/index.ts'
import { gatherFacts } from '../../facts/index.ts'
import { type JavaStart, javaStart } from './start.ts'

/** A jar with nothing but a manifest (APPNOTE.TXT 4.3). */
function jar(manifest: string): Uint8Array {
  const name = Buffer.from('META-INF/MANIFEST.MF')
  const packed = deflateRawSync(manifest)
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32LE(packed.length, 4)
  sizes.writeUInt32LE(manifest.length, 8)
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16LE(name.length)
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes, lengths])
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed])
  const entry = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common])
  const directory = Buffer.concat([entry, Buffer.alloc(14), name])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, directory, end])
}

function start(cmd: readonly string[], files: Readonly<Record<string, Spec>> = {}): JavaStart {
  const base: Readonly<Record<string, Spec>> = {
    '/usr/bin/java': { text: 'x', mode: 0o755 },
    '/bin/sh': { text: 'x', mode: 0o755 },
    '/usr/bin/mvn': { text: 'x', mode: 0o755 },
    '/var/lib/dpkg/status': 'Package: dash\nStatus: install ok installed\nVersion: 1\n',
  }
  const fatTree = memoryTree([base, files])
  const fatDb = readDpkg(fatTree)
  if (!fatDb) throw new Error('no database')
  const config = {
    ...{ architecture: 'amd64', os: 'linux', history: [] },
    config: {
      Cmd: [...cmd],
      WorkingDir: '/app',
      Env: ['PATH=/usr/bin:/bin', 'CLASSPATH=/opt/x.jar'],
    },
    rootfs: { type: 'layers' as const, diff_ids: [] },
  }
  const facts = gatherFacts({
    dockerfile: parseDockerfile('FROM maven:3\n').value,
    fat: { tree: fatTree, config },
    base: { layers: 1 },
    context: { has: () => false, readText: () => undefined },
  })
  return javaStart({ facts, fatTree, fatDb })
}

test('a jar with what its manifest names, also over several lines', () => {
  const text = jar('Manifest-Version: 1.0\r\nClass-Path: lib/a.jar lib/\r\n b%20c.jar gone.jar\r\n')
  const found = start(['java', '-Xmx1g', '-jar', 'target/app.jar', '-jar', 'no.jar'], {
    '/app/target/app.jar': { text },
    '/app/target/lib/a.jar': 'x',
    '/app/target/lib/b c.jar': 'x',
  })
  expect([...found.files].sort((a, b) => (a < b ? -1 : 1))).toEqual([
    '/app/target/app.jar',
    '/app/target/lib/a.jar',
    '/app/target/lib/b c.jar',
  ])
  expect(found).toMatchObject({ starts: true, open: false, folders: [] })
})

test('a class path of folders, and an agent', () => {
  const words = [
    '-javaagent:/opt/agent.jar=x',
    '-cp',
    'target/classes:lib/*',
    'example.Main',
    '-cp',
    'y',
  ]
  const found = start(['java', ...words], {
    '/opt/agent.jar': 'x',
    '/app/target/classes/Main.class': 'x',
    '/app/lib/a.jar': 'x',
  })
  expect([...found.files]).toEqual(['/opt/agent.jar'])
  expect(found.folders).toEqual(['/app/target/classes', '/app/lib'])
})

test('a pattern that a shell spells out, and CLASSPATH', () => {
  const files = {
    '/app/target/app-1.jar': 'x',
    '/app/target/app-2.jar.original': 'x',
    '/opt/x.jar': 'x',
  }
  const shell = start(['/bin/sh', '-c', 'exec java $JAVA_OPTS -jar target/*.jar'], files)
  expect([...shell.files]).toEqual(['/app/target/app-1.jar'])
  expect([...start(['java', 'example.Main'], files).files]).toEqual(['/opt/x.jar'])
})

test('what nobody can tell, and what builds', () => {
  expect(start(['/bin/sh', '-c', 'java -jar "$APP"']).open).toBe(true)
  expect(start(['mvn', 'spring-boot:run'])).toMatchObject({ starts: false, builders: ['mvn'] })
})
