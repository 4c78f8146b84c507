#!/bin/sh
# uv.lock names the index it was made from, so every machine makes its own.
set -e
[ -f uv.lock ] && exit 0
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m pip install --quiet --target "$tools" uv
UV_NO_CACHE=1 "$tools/bin/uv" lock --quiet
