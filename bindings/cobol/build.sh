#!/bin/sh
# Builds build/cobol/libpdxcob.so from the shim. Words: further flags for the compiler; PDX_OUT is
# where the library goes instead.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
out=${PDX_OUT:-$root/build/cobol/libpdxcob.so}
mkdir -p "$(dirname "$out")"
# shellcheck disable=SC2086 # flags are words
${CC:-cc} -std=gnu11 -Wall -Wextra -Wpedantic -Wno-overlength-strings -Werror -O2 -fPIC -shared \
  -fvisibility=hidden -Wl,--no-undefined "$@" -I "$root/bindings/cobol/src" -I "$root/abi/include" \
  "$root"/bindings/cobol/src/*.c -o "$out"
strange=$(nm -D --defined-only "$out" | awk '{print $3}' | grep -v '^PDX[A-Z0-9]\{1,5\}$' || true)
if [ -n "$strange" ]; then
  echo "$out exports more than PDX*: $strange" >&2
  exit 1
fi
