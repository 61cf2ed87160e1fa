#!/bin/sh
# Builds build/examples/flights-c against the library in target/release.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$root/build/examples"
${CC:-cc} -std=c11 -Wall -Wextra -Werror -O2 -I "$root/abi/include" "$root/examples/flights.c" \
  -L "$root/target/release" -lpardox -Wl,-rpath,"$root/target/release" \
  -o "$root/build/examples/flights-c"
