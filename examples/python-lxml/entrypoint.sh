#!/bin/sh
set -e

case "$1" in
serve) exec python feeds.py ;;
*) exec "$@" ;;
esac
