import { isFault } from '../../base/index.ts'
import { familiarRepository, parseReference } from '../../image/index.ts'
import type { BaseFacts } from '../types.ts'

/** Variables that Docker's official images set, by repository. An image that is not here is unknown, not empty. */
const variables: Readonly<Record<string, string>> = {
  almalinux: '',
  alpine: '',
  amazonlinux: '',
  archlinux: 'LANG',
  bash: '_BASH_VERSION _BASH_BASELINE _BASH_BASELINE_PATCH _BASH_LATEST_PATCH',
  'buildpack-deps': '',
  busybox: '',
  centos: '',
  composer: 'COMPOSER_ALLOW_SUPERUSER COMPOSER_HOME COMPOSER_VERSION PHP_INI_DIR PHP_VERSION',
  debian: '',
  'eclipse-temurin': 'JAVA_HOME LANG LANGUAGE LC_ALL JAVA_VERSION',
  elixir: 'OTP_VERSION REBAR3_VERSION ELIXIR_VERSION LANG',
  erlang: 'OTP_VERSION REBAR_VERSION REBAR3_VERSION LANG',
  fedora: 'DISTTAG FGC FBR',
  gcc: 'GPG_KEYS GCC_MIRRORS GCC_VERSION',
  golang: 'GOLANG_VERSION GOTOOLCHAIN GOPATH',
  gradle: 'GRADLE_HOME GRADLE_VERSION JAVA_HOME JAVA_VERSION LANG LANGUAGE LC_ALL',
  httpd: 'HTTPD_PREFIX HTTPD_VERSION HTTPD_SHA256 HTTPD_PATCHES',
  maven: 'MAVEN_HOME MAVEN_CONFIG JAVA_HOME JAVA_VERSION LANG LANGUAGE LC_ALL',
  memcached: 'MEMCACHED_VERSION MEMCACHED_URL MEMCACHED_SHA1',
  nginx: 'NGINX_VERSION NJS_VERSION NJS_RELEASE PKG_RELEASE DYNPKG_RELEASE',
  node: 'NODE_VERSION YARN_VERSION',
  openjdk: 'JAVA_HOME JAVA_VERSION LANG',
  oraclelinux: '',
  perl: 'PERL_VERSION',
  php:
    'PHPIZE_DEPS PHP_INI_DIR PHP_CFLAGS PHP_CPPFLAGS PHP_LDFLAGS GPG_KEYS PHP_VERSION PHP_URL PHP_ASC_URL ' +
    'PHP_SHA256 APACHE_CONFDIR APACHE_ENVVARS',
  postgres: 'GOSU_VERSION LANG PG_MAJOR PG_VERSION PGDATA',
  python: 'LANG GPG_KEY PYTHON_VERSION PYTHON_SHA256 PYTHON_PIP_VERSION PYTHON_SETUPTOOLS_VERSION',
  redis: 'GOSU_VERSION REDIS_VERSION REDIS_DOWNLOAD_URL REDIS_DOWNLOAD_SHA',
  rockylinux: '',
  ruby: 'LANG RUBY_VERSION RUBY_DOWNLOAD_URL RUBY_DOWNLOAD_SHA256 GEM_HOME BUNDLE_SILENCE_ROOT_WARNING BUNDLE_APP_CONFIG',
  rust: 'RUSTUP_HOME CARGO_HOME RUST_VERSION',
  swift: 'SWIFT_SIGNING_KEY SWIFT_PLATFORM SWIFT_BRANCH SWIFT_VERSION SWIFT_WEBROOT',
  tomcat:
    'CATALINA_HOME TOMCAT_NATIVE_LIBDIR LD_LIBRARY_PATH TOMCAT_MAJOR TOMCAT_VERSION JAVA_HOME',
  ubuntu: '',
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What is known of an official image without looking at it. Values other than PATH are empty: only names matter. */
export function officialImage(reference: string): BaseFacts | undefined {
  const name = repositoryOf(reference) ?? ''
  // An image may be named `constructor`.
  const names = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (names === undefined) return undefined
  const env = new Map(names.split(' ').map((name): [string, string] => [name, '']))
  env.delete('')
  return { env: env.set('PATH', path), shell: false }
}

/** `python` for `docker.io/library/python:3.11`; null for a name that is none. */
function repositoryOf(reference: string): string | null {
  try {
    return familiarRepository(parseReference(reference))
  } catch (error) {
    if (isFault(error)) return null
    throw error
  }
}
