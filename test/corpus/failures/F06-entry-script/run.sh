#!/bin/sh
envsubst <settings.template >/tmp/settings
exec "$@"
