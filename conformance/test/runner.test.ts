import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadCases } from "../src/case.js";
import { canonicalCell, ulpsBetween } from "../src/cell.js";
import { report } from "../src/matrix.js";
import { Schemas } from "../src/schemas.js";
import { runSuite } from "../src/suite.js";

/** `conformance/`; this file is compiled to `conformance/dist/test`. */
const HERE = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SCHEMAS = new Schemas(join(HERE, "schema"));

type Files = Readonly<Record<string, unknown>>;
const TABLE = { schema: [["a", "int64"]], rows: [["1"]] };
const CASE = { about: "a case that is a test", source: "by hand: it is a test", plan: {} };

/** The last line and all that failed, of a suite of `files` asked of the fake adapter's ways. */
async function run(files: Files, ways: readonly string[], gaps: Files = {}): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "pardox-"));
  for (const [path, value] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(value));
  }
  try {
    const cases = loadCases(root, SCHEMAS);
    const fake = join(HERE, "test", "fake-adapter.mjs");
    const verdicts = await runSuite({
      cases,
      adapters: new Map(
        ways.map((way) => [way, { command: ["node", fake, way], canonical: true }]),
      ),
      gaps: new Map(ways.map((way) => [way, gaps as Record<string, string>])),
      schemas: SCHEMAS,
      root,
      scratch: join(root, "tmp"),
    });
    return report(
      cases.map((one) => one.id),
      verdicts,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** A suite of one case that answers `answer` where `expected` is expected. */
function one(answer: unknown, expected: unknown = TABLE): Files {
  const name = "kind" in (expected as object) ? "error.json" : "expected.json";
  const plan = { answer, error: (answer as { kind?: string }).kind ? answer : undefined };
  return { "area/one/case.json": { ...CASE, plan }, [`area/one/${name}`]: expected };
}

/** Holds the report's last lines against `pattern`. */
async function check(files: Files, way: string, pattern: RegExp, gaps: Files = {}): Promise<void> {
  assert.match(await run(files, [way], gaps), pattern);
}

test("an_equal_table_passes", async () => {
  await check(one(TABLE), "echo", /\n1 passed, 0 failed$/);
});

test("another_value_row_or_schema_fails", async () => {
  const fails = (answer: unknown, pattern: RegExp) => check(one(answer), "echo", pattern);
  await fails(
    { ...TABLE, rows: [["2"]] },
    /column a: expected "1", found "2"\n0 passed, 1 failed$/,
  );
  await fails({ ...TABLE, rows: [[null]] }, /found null\n0 passed, 1 failed$/);
  await fails({ ...TABLE, rows: [] }, /expected 1 rows, found 0\n0 passed, 1 failed$/);
  await fails({ ...TABLE, schema: [["a", "float64"]] }, /expected schema.*\n0 passed, 1 failed$/);
});

test("a_missing_answer_fails_and_says_why", async () => {
  await check(one(TABLE), "silent", /no answer \(the adapter ended with status 0\)\n0 passed/);
  await check(one(TABLE), "dies", /no answer \(the adapter ended with status 3\)\n0 passed/);
  await check(one(TABLE), "twice", /answered twice\n0 passed, 1 failed$/);
});

test("a_gap_needs_a_failure", async () => {
  const gaps = { "area/one": "is not written yet" };
  await check(
    one(TABLE),
    "silent",
    /gap {2}silent area\/one.*\n0 passed, 0 failed, 1 skipped$/,
    gaps,
  );
  await check(one(TABLE), "echo", /passes, yet is listed as a gap.*\n0 passed, 1 failed$/, gaps);
});

test("errors_are_held_by_kind_place_and_words", async () => {
  const answer = { kind: "syntax", message: "expected a, found b", line: 3 };
  const expect = (expected: object, pattern: RegExp) =>
    check(one(answer, expected), "echo", pattern);
  await expect({ kind: "syntax", contains: ["found b"], line: 3 }, /\n1 passed, 0 failed$/);
  await expect({ kind: "io" }, /expected kind "io", found "syntax".*\n0 passed, 1 failed$/);
  await expect({ kind: "syntax", line: 4 }, /expected line 4, found 3.*\n0 passed, 1 failed$/);
  await expect({ kind: "syntax", contains: ["c!"] }, /message with "c!"/);
  await check(one(answer), "echo", /expected a table, found syntax.*\n0 passed, 1 failed$/);
  await check(
    one(TABLE, { kind: "io" }),
    "echo",
    /expected io, found a table\n0 passed, 1 failed$/,
  );
});

test("an_error_says_the_same_in_every_language", async () => {
  const text = await run(one({ kind: "io", message: "no" }, { kind: "io" }), ["echo", "says"]);
  assert.match(text, /expected the message of echo \(no\), found: no!\n1 passed, 1 failed$/);
  const placed = 'unknown field "x" at plan.sort.x (line 1, byte 5); y?';
  const moved = await run(one({ kind: "io", message: placed }, { kind: "io" }), ["echo", "moves"]);
  assert.match(moved, /\n2 passed, 0 failed$/);
});

test("twins_have_one_canonical_form", async () => {
  const twin = { ...CASE, source: "twin", twin: "area/one", plan: { answer: TABLE } };
  const files = { ...one(TABLE), "area/two/case.json": twin };
  await check(files, "echo", /\n2 passed, 0 failed$/);
  await check(files, "differs", /area\/two: canonical forms differ[^]*\n1 passed, 1 failed$/);
});

test("a_file_that_does_not_follow_its_schema_stops_the_run", async () => {
  const broken = [
    { ...one(TABLE), "area/one/case.json": { ...CASE, sauce: "x" } },
    { ...one(TABLE), "area/one/error.json": { kind: "io" } },
    { "area/one/case.json": CASE },
    one(TABLE, { schema: [["a", "int64"]], rows: [["1.5"]] }),
    one(TABLE, { schema: [["a", "int64"]], rows: [[]] }),
    { "area/two/case.json": { ...CASE, source: "twin", twin: "area/one" } },
  ];
  for (const files of broken) await assert.rejects(run(files, ["echo"]), /area|no value|expected/);
});

test("floats_are_their_bits", () => {
  assert.equal(canonicalCell("1.0", "float64"), "3ff0000000000000");
  assert.equal(canonicalCell("-0.0", "float64"), "8000000000000000");
  assert.equal(canonicalCell("NaN", "float64"), "7ff8000000000000");
  assert.equal(canonicalCell("-inf", "float64"), "fff0000000000000");
  assert.equal(canonicalCell("0x1", "float64"), undefined);
  assert.equal(canonicalCell("9223372036854775808", "int64"), undefined);
  assert.equal(canonicalCell("2026-11-22T10:00:00.5", "timestamp"), "2026-11-22T10:00:00.500000");
});

test("ulps_count_floats_across_zero_and_stop_at_nan", () => {
  assert.equal(ulpsBetween("3ff0000000000000", "3ff0000000000001"), 1n);
  assert.equal(ulpsBetween("8000000000000001", "0000000000000001"), 2n);
  assert.equal(ulpsBetween("7ff8000000000000", "7ff0000000000000"), undefined);
});
