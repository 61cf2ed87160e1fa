#!/bin/sh
# Runs the tests: every program in both dialects, its output compared with the text beside it;
# then the library's loading, the symbols, and valgrind where it is there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$root/build/cobol/tests
library=${PARDOX_LIBRARY:-$root/target/release/libpardox.so}
export PARDOX_LIBRARY="$library"
passed=0 failed=0
rm -rf "$work" && mkdir -p "$work"
"$root/bindings/cobol/build.sh" || exit 1

# check <name> <expected file> <found file>
check() {
  if sed 's/ *$//' "$3" | diff "$2" - > "$work/diff"; then
    echo "ok $1"
    passed=$((passed + 1))
  else
    echo "FAILED $1"
    cat "$work/diff"
    failed=$((failed + 1))
  fi
}

for dialect in default ibm; do
  for test in TFACE TROWS TCSV TMISUSE TLEAK; do
    folder=$work/$dialect-$test
    mkdir -p "$folder" && cp "$here/sales.csv" "$folder"
    if "$root/bindings/cobol/compile.sh" "$dialect" "$here/$test.cob" "$folder/program"; then
      (cd "$folder" && timeout 20 ./program > found 2>&1)
    else
      echo "does not compile" > "$folder/found"
    fi
    sed 's/ *$//' "$here/$test.expected" > "$folder/expected"
    check "$test -std=$dialect" "$folder/expected" "$folder/found"
  done
  folder=$work/$dialect-FIRST
  mkdir -p "$folder" && cp "$root/bindings/cobol/samples/sales.csv" "$folder"
  "$root/bindings/cobol/compile.sh" "$dialect" "$root/bindings/cobol/samples/FIRST.cob" \
    "$folder/program" && (cd "$folder" && ./program sales.csv > found 2>&1)
  cp "$here/FIRST.expected" "$folder/expected"
  check "samples/FIRST -std=$dialect" "$folder/expected" "$folder/found"
done

# load <name> <library> <first words> [flags of the shim]: what PDXVERS says, and RETURN-CODE 16.
load() {
  name=$1 asked=$2 expected=$3
  shift 3
  folder=$work/load
  mkdir -p "$folder"
  PDX_OUT=$folder/libpdxcob.so "$root/bindings/cobol/build.sh" "$@"
  "$root/bindings/cobol/compile.sh" default "$here/TLOAD.cob" "$folder/program"
  PARDOX_LIBRARY=$asked LD_PRELOAD=$folder/libpdxcob.so "$folder/program" > "$folder/said" 2>&1
  echo "RETURN-CODE $?" >> "$folder/said"
  printf '%s\nRETURN-CODE 16\n' "$expected" > "$folder/expected"
  check "$name" "$folder/expected" "$folder/said"
}

load "a missing library is named" /no/such/libpardox.so \
  "  20 the native library libpardox.so"
load "an older library is refused" "$root/build/cobol/libpdxcob.so" \
  "  48 a library that has pardox_abi_version"
load "another surface is refused" "$library" \
  "  48 a library for the surface of this libpdxcob.so" -DPDX_FINGERPRINT=1

if command -v valgrind > /dev/null; then
  folder=$work/default-FIRST
  # 3: what valgrind finds; the runtime's own memory at the end is GnuCOBOL's.
  (cd "$folder" && valgrind --quiet --error-exitcode=3 ./program sales.csv) \
    > "$folder/found" 2> "$folder/valgrind"
  cat "$folder/valgrind" >> "$folder/found"
  check "samples/FIRST under valgrind" "$folder/expected" "$folder/found"
else
  echo "skipped samples/FIRST under valgrind: valgrind is not installed"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
