import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Analysis } from '../src/analysis/index.ts'
import { storeWithBases } from './support/bases.ts'
import { type Cli, writeFiles } from './support/jettison.ts'

/** Packages that rpmbuild makes and rpm installs: the database is rpm's own. */

const tag = `rpm-database-${process.pid}`
const broken = `${tag}:broken`
let jettison: Cli
let folder: string

beforeAll(() => {
  jettison = storeWithBases(['debian:bookworm-slim'])
  folder = mkdtempSync(join(tmpdir(), 'jettison-rpm-'))
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await jettison.run(['rmi', tag, broken])
})

const spec = (name: string, more: string): string => `Name: ${name}
Version: 1.2
Release: 3
Summary: ${name}
License: None
BuildArch: noarch
${more}
%description
${name}
%install
mkdir -p %{buildroot}/usr/share/${name} %{buildroot}/usr/bin
seq 1 400 | while read n; do echo $n >%{buildroot}/usr/share/${name}/$n; done
echo '#!/bin/sh' >%{buildroot}/usr/bin/${name}
mkdir -p %{buildroot}/opt/${name}
echo how >%{buildroot}/opt/${name}/guide
echo may >%{buildroot}/opt/${name}/terms
chmod 755 %{buildroot}/usr/bin/${name}
%files
/usr/share/${name}
/usr/bin/${name}
%doc /opt/${name}/guide
%license /opt/${name}/terms
`

test('packages of rpm, and which of them owns a file', async () => {
  writeFiles(folder, {
    'greeting.spec': spec('greeting', 'Epoch: 2\nRequires: answer >= 1\nProvides: hello = 7'),
    'answer.spec': spec('answer', 'Group: Applications/Text'),
    // Built from the source of a build tool; brings a library along that nothing else wants.
    'make.spec': spec('make', 'Requires: helper'),
    'helper.spec': spec('helper', ''),
    'packages.toml': `version = "1.0"
[packages]
"greeting.noarch" = {reason = "User"}
"make.noarch" = {reason = "User"}
"answer.noarch" = {reason = "Dependency"}
"helper.noarch" = {reason = "Dependency"}
`,
    Dockerfile: `FROM debian:bookworm-slim AS made
RUN apt-get update && apt-get install -y --no-install-recommends rpm
COPY *.spec /
RUN rpmbuild -bb --define '_topdir /b' --define '_rpmdir /b' /*.spec \\
 && rpm --root /system --dbpath /var/lib/rpm --initdb && rpm --root /system --dbpath /var/lib/rpm -i --nodeps --noscripts /b/noarch/*.rpm
FROM scratch
COPY --from=made /system /
COPY packages.toml /usr/lib/sysimage/libdnf5/
COPY answer.spec /srv/own
`,
  })
  await jettison.ok(['build', '--progress', 'quiet', '-t', tag, folder])
  const { packages } = JSON.parse(await jettison.ok(['analyze', '--json', tag])) as Analysis
  expect(
    packages.map(({ manager, name, version, arch }) => [manager, name, version, arch]),
  ).toEqual(
    expect.arrayContaining([
      ['rpm', 'answer', '1.2-3', 'noarch'],
      ['rpm', 'greeting', '2:1.2-3', 'noarch'],
    ]),
  )
  const greeting = packages.find(({ name }) => name === 'greeting')
  expect(greeting?.files).toHaveLength(403)
  expect(greeting?.files).toContain('/usr/bin/greeting')
  expect(greeting?.depends).toContainEqual(['answer'])
  expect(greeting?.provides).toEqual(expect.arrayContaining(['greeting', 'hello']))
  expect(packages.find(({ name }) => name === 'answer')).toMatchObject({ source: 'answer' })
  const categories = await Promise.all(
    Object.keys(purposes).map(async (path) => {
      const why = JSON.parse(await jettison.ok(['explain', path, '--in', tag, '--json']))
      return [path, why.category.id]
    }),
  )
  expect(Object.fromEntries(categories)).toEqual(purposes)
})

/** By the package's own record; `answer` came for `greeting`, `helper` for a build tool. */
const purposes = {
  '/opt/greeting/guide': 'docs-and-locales',
  '/opt/greeting/terms': 'package-metadata',
  '/usr/bin/greeting': 'runtime',
  '/usr/bin/answer': 'runtime',
  '/usr/bin/make': 'compilers',
  '/usr/bin/helper': 'tool-dependencies',
}

test('analyze says when a database cannot be read', async () => {
  const context = join(folder, 'broken')
  writeFiles(context, {
    Packages: 'not a database',
    Dockerfile: 'FROM scratch\nCOPY Packages /var/lib/rpm/\n',
  })
  await jettison.ok(['build', '--progress', 'quiet', '-t', broken, context])
  expect(await jettison.ok(['analyze', broken])).toContain(
    'packages unknown: /var/lib/rpm/Packages cannot be read',
  )
  expect(await jettison.ok(['analyze', tag])).not.toContain('packages unknown')
})
