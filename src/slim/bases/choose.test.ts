import { expect, test } from 'vitest'
import { leanRelative, withVariables } from './choose.ts'

const bookworm = { id: 'debian', version: '12', codename: 'bookworm' }

test.each([
  ['python', 'python:slim'],
  ['python:latest', 'python:slim'],
  ['python:3', 'python:3-slim'],
  ['python:3.11', 'python:3.11-slim'],
  ['python:3.13.0rc2', 'python:3.13.0rc2-slim'],
  ['python:3.11-bookworm', 'python:3.11-slim-bookworm'],
  ['python:bullseye', 'python:slim-bullseye'],
  ['docker.io/library/python:3.12', 'docker.io/library/python:3.12-slim'],
  ['localhost:5000/mirror/python:3.12', 'localhost:5000/mirror/python:3.12-slim'],
  ['node:18', 'node:18-slim'],
  ['node:lts-bookworm', 'node:lts-bookworm-slim'],
  ['golang:1.22', 'debian:bookworm-slim'],
  ['golang:1.22-bullseye', 'debian:bullseye-slim'],
  ['mirror.example/library/rust:1.80', 'mirror.example/library/debian:bookworm-slim'],
  ['buildpack-deps:bookworm', 'debian:bookworm-slim'],
  ['gcc:12', 'debian:bookworm-slim'],
  ['debian:12', 'debian:12-slim'],
  ['debian:bookworm', 'debian:bookworm-slim'],
  ['maven:3.9-eclipse-temurin-17', 'eclipse-temurin:17-jre'],
  ['maven:3-eclipse-temurin-21-jammy', 'eclipse-temurin:21-jre-jammy'],
  ['gradle:8-jdk17', 'eclipse-temurin:17-jre'],
  ['eclipse-temurin:17', 'eclipse-temurin:17-jre'],
  ['eclipse-temurin:17-jdk-jammy', 'eclipse-temurin:17-jre-jammy'],
])('%s has the lean relative %s', (reference, lean) => {
  expect(leanRelative(reference, bookworm)).toEqual({ kind: 'lean', reference: lean })
})

test.each([
  'python:3.11-slim',
  'python:3.11-slim-bookworm',
  'python:3.11-alpine3.20',
  'node:22-bookworm-slim',
  'debian:bookworm-slim',
  'ubuntu:22.04',
  'alpine:3.20',
  'eclipse-temurin:17-jre',
])('%s is as lean as its family gets', (reference) => {
  expect(leanRelative(reference, bookworm)).toEqual({ kind: 'same', reference })
})

test('the system of the fat image decides what a tool chain runs on', () => {
  const alpine = { id: 'alpine', version: '3.20.3', codename: null }
  const jammy = { id: 'ubuntu', version: '22.04', codename: 'jammy' }
  const referenceOf = (reference: string, system: typeof alpine | typeof jammy): unknown =>
    leanRelative(reference, system)
  expect(referenceOf('golang:1.22-alpine', alpine)).toMatchObject({ reference: 'alpine:3.20' })
  expect(referenceOf('buildpack-deps:jammy', jammy)).toMatchObject({ reference: 'ubuntu:22.04' })
})

test('a suite is written when the two releases differ', () => {
  expect(leanRelative('python:3.11', bookworm, 'bookworm')).toMatchObject({
    reference: 'python:3.11-slim-bookworm',
  })
})

test.each([
  'python:3.11-windowsservercore',
  'python:3.14-pypy',
  'python@sha256:0123',
  'maven:3-openjdk-17',
  'debian:latest',
  'pypy:3.10',
  'my/python-app:3.11',
  'scratch',
])('%s has none', (reference) => {
  expect(leanRelative(reference, bookworm).kind).toBe('none')
})

test.each([
  [`python:\${V}`, 'python:3.11', `python:\${V}-slim`],
  ['python:$V', 'python:3.11', 'python:$V-slim'],
  [`\${BASE}`, 'python:3.11', `\${BASE}-slim`],
  [`python:\${V}-bookworm`, 'python:3.11-bookworm', `python:\${V}-slim-bookworm`],
  [`python:3.11-\${S}`, 'python:3.11-bookworm', `python:3.11-slim-\${S}`],
  [`python:\${V}`, 'python:3.11-bookworm', 'python:3.11-slim-bookworm'],
  [`\${BASE}`, 'python', 'python:slim'],
])('%s, which is %s, becomes %s', (word, reference, text) => {
  const relative = leanRelative(reference, bookworm)
  expect('reference' in relative && withVariables(word, reference, relative.reference)).toBe(text)
})
