#!/bin/sh
# Gate a project in any CI: builds CONTEXT (nothing runs when it is unchanged), judges it, leaves reports behind.
#   sh check.sh [CONTEXT [REPORTS]]
set -u
context=${1:-.}
reports=${2:-jettison-reports}
mkdir -p "$reports"
jettison check "$context" \
  --format text \
  --format "json=$reports/gate.json" \
  --format "markdown=$reports/gate.md" \
  --format "sarif=$reports/gate.sarif" \
  --format "junit=$reports/gate.xml" \
  --format "gitlab=$reports/gl-code-quality-report.json"
code=$?
case $code in
  0) echo "gate passed" ;;
  1) echo "gate failed: see $reports/gate.md" >&2 ;;
  3) echo "gate undecided: something could not be examined" >&2 ;;
  *) echo "gate could not run (exit $code)" >&2 ;;
esac
exit $code
