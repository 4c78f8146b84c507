import { expect, test } from 'vitest'
import { type Files, kinds, packages } from '../../../test/support/language-files.ts'

const dotnet = '/usr/share/dotnet'
const net: Files = {
  [`${dotnet}/dotnet`]: { text: 'elf', mode: 0o755 },
  [`${dotnet}/sdk/8.0.100/MSBuild.dll`]: 'x',
  [`${dotnet}/sdk/8.0.100/MSBuild.deps.json`]: '{}',
  [`${dotnet}/packs/Microsoft.NETCore.App.Ref/8.0.0/System.xml`]: 'x',
  [`${dotnet}/shared/Microsoft.NETCore.App/8.0.0/System.dll`]: 'x',
  [`${dotnet}/shared/Microsoft.AspNetCore.App/8.0.0/Kestrel.dll`]: 'x',
  '/app/shop.dll': 'x',
  '/app/shop.pdb': 'x',
  '/app/Json.dll': 'json',
  '/app/de/Json.resources.dll': 'de',
  '/app/runtimes/win-x64/native/sqlite.dll': 'win',
  '/app/runtimes/linux-x64/native/libsqlite.so': 'linux',
  '/app/shop.runtimeconfig.json': JSON.stringify({
    runtimeOptions: { framework: { name: 'Microsoft.NETCore.App', version: '8.0.0' } },
  }),
  '/app/shop.deps.json': JSON.stringify({
    targets: {
      '.NETCoreApp,Version=v8.0': {
        'shop/1.0.0': { runtime: { 'shop.dll': {} } },
        'Json/13.0.3': {
          runtime: { 'lib/net6.0/Json.dll': {} },
          resources: { 'lib/net6.0/de/Json.resources.dll': { locale: 'de' } },
        },
        'SQLite/2.1.6': {
          runtimeTargets: {
            'runtimes/win-x64/native/sqlite.dll': { rid: 'win-x64' },
            'runtimes/linux-x64/native/libsqlite.so': { rid: 'linux-x64' },
          },
        },
      },
    },
    libraries: {
      'shop/1.0.0': { type: 'project' },
      'Json/13.0.3': { type: 'package' },
      'SQLite/2.1.6': { type: 'package' },
    },
  }),
  '/src/obj/project.assets.json': '{}',
  '/src/obj/Debug/shop.dll': 'x',
}

test('.NET: SDK and frameworks, NuGet packages of a published app, builds for other systems', () => {
  const found = kinds(net, { Cmd: ['dotnet', '/app/shop.dll'], Env: [`PATH=${dotnet}`] })
  expect(found[`${dotnet}/sdk/8.0.100/MSBuild.dll`]).toBe('compilers B')
  expect(found[`${dotnet}/packs/Microsoft.NETCore.App.Ref/8.0.0/System.xml`]).toBe('compilers B')
  expect(found[`${dotnet}/shared/Microsoft.NETCore.App/8.0.0/System.dll`]).toBe('runtime B')
  expect(found[`${dotnet}/shared/Microsoft.AspNetCore.App/8.0.0/Kestrel.dll`]).toBe('runtime C')
  expect(found['/app/shop.dll']).toBeUndefined()
  expect(found['/app/shop.pdb']).toBe('debug-tools B')
  expect(found['/app/Json.dll']).toBe('language-packages A')
  expect(found['/app/de/Json.resources.dll']).toBe('language-packages A')
  expect(found['/app/runtimes/linux-x64/native/libsqlite.so']).toBe('language-packages A')
  expect(found['/app/runtimes/win-x64/native/sqlite.dll']).toBe('dev-dependencies B')
  expect(found['/src/obj/Debug/shop.dll']).toBe('package-caches B')
  expect(packages(net)).toEqual(['nuget Json 13.0.3 2', 'nuget SQLite 2.1.6 2'])
  const runs = kinds(net, { Cmd: ['dotnet', 'run'], Env: [`PATH=${dotnet}`] })
  expect(runs[`${dotnet}/sdk/8.0.100/MSBuild.dll`]).toBe('runtime B')
})

const jdk: Files = {
  '/opt/jdk/release': 'IMPLEMENTOR="X"\nJAVA_VERSION="17.0.9"\n',
  '/opt/jdk/lib/modules': 'jimage',
  '/opt/jdk/lib/src.zip': 'x',
  '/opt/jdk/lib/ct.sym': 'x',
  '/opt/jdk/jmods/java.base.jmod': 'x',
  '/opt/jdk/include/jni.h': 'x',
  '/opt/jdk/bin/java': { text: 'elf', mode: 0o755 },
  '/opt/jdk/bin/javac': { text: 'elf', mode: 0o755 },
  '/opt/maven/bin/mvn': { text: '#!/bin/sh\n', mode: 0o755 },
  '/opt/maven/lib/maven-core-3.9.6.jar': 'x',
  '/root/.m2/repository/a/a-1.jar': 'x',
}

test('a JDK: what only builds read, unless the image starts something that builds', () => {
  const env = ['PATH=/opt/jdk/bin:/opt/maven/bin']
  expect(kinds(jdk, { Cmd: ['java', '-jar', '/a.jar'], Env: env })).toEqual({
    '/opt/jdk/release': 'runtime B',
    '/opt/jdk/lib/modules': 'runtime B',
    '/opt/jdk/lib/src.zip': 'compilers B',
    '/opt/jdk/lib/ct.sym': 'compilers B',
    '/opt/jdk/jmods/java.base.jmod': 'compilers B',
    '/opt/jdk/include/jni.h': 'headers B',
    '/opt/jdk/bin/java': 'runtime B',
    '/opt/jdk/bin/javac': 'compilers B',
    '/opt/maven/bin/mvn': 'compilers B',
    '/opt/maven/lib/maven-core-3.9.6.jar': 'compilers B',
    '/root/.m2/repository/a/a-1.jar': 'package-caches B',
  })
  const building = kinds(jdk, { Cmd: ['mvn', 'spring-boot:run'], Env: env })
  expect(new Set(Object.values(building))).toEqual(new Set(['runtime B', 'language-packages B']))
})

const compiled: Files = {
  '/usr/local/go/VERSION': 'go1.22.5\ntime 2024\n',
  '/usr/local/go/bin/go': { text: 'elf', mode: 0o755 },
  '/usr/local/go/src/fmt/print.go': 'package fmt',
  '/home/dev/go/pkg/mod/cache/download/x/@v/v1.zip': 'x',
  '/home/dev/go/pkg/mod/example.org/x@v1/x.go': 'package x',
  '/opt/rust/toolchains/1.80.0-x86_64-unknown-linux-gnu/lib/rustlib/components': 'rustc',
  '/opt/rust/toolchains/1.80.0-x86_64-unknown-linux-gnu/bin/rustc': { text: 'elf', mode: 0o755 },
  '/opt/cargo/bin/rustup': { text: 'elf', mode: 0o755 },
  '/opt/cargo/bin/cargo': { text: 'elf', mode: 0o755 },
  '/opt/cargo/bin/rg': { text: 'elf', mode: 0o755 },
  '/opt/cargo/.crates.toml': '[v1]\n"ripgrep 14.1.0 (registry+x)" = ["rg"]\n',
  '/opt/cargo/registry/src/x/libc/lib.rs': 'x',
  '/src/main.rs': 'fn main() {}',
  '/src/target/.rustc_info.json': '{}',
  '/src/target/release/server': { text: 'elf', mode: 0o755 },
  '/src/target/release/server.d': 'x',
  '/src/target/release/deps/liblibc-0123.rlib': 'ar',
  '/src/target/release/deps/server-0123': { text: 'elf', mode: 0o755 },
  '/src/target/release/build/x/output': 'x',
}

test('Go and Rust: toolchains, caches and build directories, and the programs beside them', () => {
  const found = kinds(compiled, { Cmd: ['/src/target/release/server'] })
  expect(found['/usr/local/go/src/fmt/print.go']).toBe('compilers B')
  expect(found['/home/dev/go/pkg/mod/example.org/x@v1/x.go']).toBe('package-caches B')
  const rust = '/opt/rust/toolchains/1.80.0-x86_64-unknown-linux-gnu'
  expect(found[`${rust}/bin/rustc`]).toBe('compilers B')
  expect(found['/opt/cargo/bin/cargo']).toBe('compilers B')
  expect(found['/opt/cargo/bin/rg']).toBe('app B')
  expect(found['/opt/cargo/registry/src/x/libc/lib.rs']).toBe('package-caches B')
  expect(found['/src/main.rs']).toBeUndefined()
  expect(found['/src/target/release/server']).toBeUndefined()
  expect(found['/src/target/release/server.d']).toBe('package-caches B')
  expect(found['/src/target/release/deps/liblibc-0123.rlib']).toBe('static-libraries B')
  expect(found['/src/target/release/deps/server-0123']).toBe('package-caches B')
  expect(found['/src/target/release/build/x/output']).toBe('package-caches B')
  const go = { Cmd: ['go', 'run', '.'], Env: ['PATH=/usr/local/go/bin'] }
  expect(kinds(compiled, go)['/usr/local/go/src/fmt/print.go']).toBe('runtime B')
})
