#!/bin/sh
migrate && exec "$@"
