#!/bin/sh
# Runs node for arguments that name no command: an option, or a script of the working directory.
set -e
case "$1" in
-*) set -- node "$@" ;;
*)
	if [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
		set -- node "$@"
	fi
	;;
esac
exec "$@"
