import assert from "node:assert/strict";
import { test } from "node:test";
import { closingLine, readCounts } from "../src/count.js";

/** Reads `output` and holds the sums, and how many lines are shown, against those expected. */
function check(output: string, sums: readonly [number, number, number], shown: number): void {
  const { passed, failed, skipped, lines } = readCounts(output);
  assert.deepEqual([passed, failed, skipped, lines.length], [...sums, shown]);
}

test("cargo_test_binaries_are_added_up", () => {
  const one = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; finished in 0.00s";
  const two = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; finished in 0.1s";
  check(`running 13 tests\n${one}\n\n${two}\n`, [15, 2, 1], 2);
});

test("node_test_is_read_in_both_its_forms", () => {
  check("# tests 5\n# pass 4\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n", [4, 1, 0], 3);
  check("ℹ tests 5\nℹ pass 4\nℹ fail 0\nℹ skipped 1\n", [4, 0, 1], 3);
});

test("go_tests_are_counted_and_their_packages_shown", () => {
  const output = "=== RUN TestA\n--- PASS: TestA (0.0s)\n    --- PASS: TestA/x (0.0s)\n";
  check(`${output}--- SKIP: TestB (0.0s)\nok  \texample.org/pardox\t0.1s\n`, [1, 0, 1], 1);
  check("--- FAIL: TestA (0.0s)\nFAIL\nFAIL\texample.org/pardox\t0.1s\n", [0, 1, 0], 1);
});

test("phpunit_failures_and_errors_are_taken_from_its_tests", () => {
  check("OK (7 tests, 21 assertions)\n", [7, 0, 0], 1);
  check("Tests: 7, Assertions: 9, Errors: 1, Failures: 2, Skipped: 1.\n", [3, 3, 1], 1);
});

test("pytest_words_are_read_in_any_order", () => {
  check("===== 1 failed, 8 passed, 2 skipped in 0.31s =====\n", [8, 1, 2], 1);
  check("5 passed in 61.00s (0:01:01)\n", [5, 0, 0], 1);
});

test("plain_line_counts_only_alone_on_its_line", () => {
  check("conformance: 80 passed, 0 failed, 2 skipped\n", [80, 0, 2], 1);
  check("of 80 passed, 0 failed were slow\n", [0, 0, 0], 0);
});

test("colours_do_not_hide_a_closing_line", () => {
  check("\u001b[30;42mOK (2 tests, 2 assertions)\u001b[0m\n", [2, 0, 0], 1);
});

test("closing_line_names_skipped_tests_only_when_there_are_some", () => {
  assert.equal(closingLine({ passed: 3, failed: 0, skipped: 0 }), "3 passed, 0 failed");
  assert.equal(closingLine({ passed: 3, failed: 0, skipped: 1 }), "3 passed, 0 failed, 1 skipped");
});
