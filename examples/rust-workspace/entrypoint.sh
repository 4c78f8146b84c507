#!/bin/bash
set -euo pipefail
things-admin migrate /srv/migrations
exec "$@"
