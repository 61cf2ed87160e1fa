#!/bin/sh
# Holds Go's files to gofmt: prints those that it would change, and fails where there are any.
set -eu
cd "$(dirname "$0")"
changed=$(gofmt -l . ../../examples)
if [ -n "$changed" ]; then
  printf 'gofmt would change:\n%s\n' "$changed"
  exit 1
fi
