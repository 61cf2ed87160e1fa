#!/bin/sh
# Compiles a COBOL program against the shim: compile.sh <dialect> <program.cob> <executable> [flags].
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
dialect=$1 source=$2 executable=$3
shift 3
cobc -x -Wall -Werror -std="$dialect" -I "$root/bindings/cobol/copybooks" "$@" -o "$executable" \
  -Q "-Wl,--no-as-needed -Wl,-rpath,$root/build/cobol" -L "$root/build/cobol" -l pdxcob "$source"
