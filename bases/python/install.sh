#!/bin/sh
# Puts Debian's Python under /usr/local as the official image has it: the packages are unpacked, not installed,
# so that dpkg does not own the interpreter and a Python of Debian's own can live beside it under /usr.
set -eu
here=$(dirname "$0")
version=$(echo "$PYTHON_VERSION" | cut -d. -f1,2)
work=$(mktemp -d)
mkdir "$work/debs" "$work/root"
# apt-get downloads as the user _apt.
chmod 755 "$work"
chown _apt "$work/debs"

# Compiled modules help here, and would be no part of the image.
export PYTHONPYCACHEPREFIX="$work/pyc"

apt-get update
apt-get install -y --no-install-recommends \
	libbz2-1.0 libdb5.3 libexpat1 libffi8 libgdbm6 liblzma5 libncursesw6 libnsl2 libreadline8 \
	libsqlite3-0 libssl3 libtinfo6 libtirpc3 libuuid1 zlib1g
cd "$work/debs"
apt-get download \
	"python$version" "python$version-dev" "python$version-minimal" "python$version-venv" \
	"libpython$version" "libpython$version-dev" "libpython$version-minimal" "libpython$version-stdlib" \
	python3-distutils python3-gdbm python3-lib2to3 python3-pip-whl
cd /
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/root"; done

"$work/root/usr/bin/python$version" -S "$here/layout.py" "$work/root/usr" /usr/local
# Written to new files and renamed: a running program cannot be opened for writing.
for file in "/usr/local/bin/python$version" "/usr/local/lib/libpython$version.so.1.0"; do
	cp -p "$file" "$file.new"
done
"/usr/local/bin/python$version" -S "$here/thaw.py" site \
	"/usr/local/bin/python$version.new" "/usr/local/lib/libpython$version.so.1.0.new"
for file in "/usr/local/bin/python$version" "/usr/local/lib/libpython$version.so.1.0"; do
	mv "$file.new" "$file"
done
ldconfig

found=$(python3 -c 'import platform; print(platform.python_version())')
if [ "$found" != "$PYTHON_VERSION" ]; then
	echo "this suite has Python $found, the Dockerfile says PYTHON_VERSION=$PYTHON_VERSION" >&2
	exit 1
fi

# The three packages of the official image, in its versions, from PyPI: Debian's own builds of them are patched to
# expect Debian's distutils. Debian's pip fetches them; ensurepip and venv keep using what it fetched.
wheels=/usr/local/lib/python$version/ensurepip/_bundled
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
pip_wheel=$(ls "$work"/root/usr/share/python-wheels/pip-*.whl)
fetch() {
	python3 "$pip_wheel/pip" download --no-deps --only-binary :all: --dest "$@"
}
fetch "$wheels" "pip==$PYTHON_PIP_VERSION" "setuptools==$PYTHON_SETUPTOOLS_VERSION"
fetch "$work" "wheel==$PYTHON_WHEEL_VERSION"
"python$version" "$(ls "$wheels"/pip-*.whl)/pip" install --no-index --find-links "$wheels" --find-links "$work" \
	--no-compile pip setuptools wheel
pip --version

find /usr/local -depth -type d -name __pycache__ -exec rm -rf {} +
rm -rf "$work" /var/lib/apt/lists/* /var/log/*.log /var/log/apt/* /var/cache/ldconfig/*
