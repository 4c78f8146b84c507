#!/bin/bash
set -euo pipefail
words=("$@")
[[ ${#words[@]} -gt 0 ]] && exec "${words[@]}"
