import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../src/demo.js";

test("equal_tables_have_no_differences", () => {
  assert.deepEqual(
    differences(
      new Map([
        ["c", "a\nb\n"],
        ["go", "a\nb\n"],
      ]),
    ),
    [],
  );
});

test("a_table_that_differs_is_named_with_its_first_line_that_does", () => {
  const tables = new Map([
    ["c", "a\nb\n"],
    ["go", "a\nc\n"],
    ["php", "a\nb\nd\n"],
  ]);
  const problems = differences(tables);
  assert.match(problems[0] ?? "", /go: line 2 differs from c:\n {2}c: b\n {2}go: c/);
  assert.match(problems[1] ?? "", /php: line 3 differs/);
  assert.equal(problems.length, 2);
});

test("a_missing_table_is_a_difference", () => {
  const tables = new Map([
    ["c", undefined],
    ["go", "a\n"],
  ]);
  assert.deepEqual(differences(tables), ["c: printed no tables"]);
});
