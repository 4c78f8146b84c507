#!/bin/sh
# Pipfile.lock names the index it was made from, so every machine makes its own.
set -e
[ -f Pipfile.lock ] && exit 0
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m pip install --quiet --target "$tools" pipenv
PYTHONPATH="$tools" PIPENV_QUIET=1 PIPENV_VENV_IN_PROJECT=0 WORKON_HOME="$tools/venvs" \
    python3 -m pipenv lock
