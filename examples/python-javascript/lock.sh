#!/bin/sh
# package-lock.json names the registry it was made from, so every machine makes its own.
set -e
[ -f frontend/package-lock.json ] && exit 0
cd frontend && npm install --package-lock-only --no-audit --no-fund --silent
