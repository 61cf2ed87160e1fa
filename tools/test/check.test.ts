// Each check is shown a tree that it must refuse, and one like it that it must let pass.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ABI, functionsOf, surfaceOf } from "../src/check/abi.js";
import { DEAD } from "../src/check/dead.js";
import { compareExports } from "../src/check/exports.js";
import { FUNCTIONS } from "../src/check/functions.js";
import { IMPORTS } from "../src/check/imports.js";
import { LAYOUT } from "../src/check/layout.js";
import { cargoDependencies, isAllowed, licences } from "../src/check/licences.js";
import { LINKS } from "../src/check/links.js";
import { MACHINE } from "../src/check/machine.js";
import { SIZES } from "../src/check/sizes.js";
import { type Check, treeOf } from "../src/check/tree.js";
import { UNSAFE } from "../src/check/unsafe.js";
import { drift } from "../src/generate.js";

const ENGINE = "core/engine/src";

/** Runs one check on a tree and gives its problems as `path:line: message`. */
function find(check: Check, files: Readonly<Record<string, string>>): readonly string[] {
  return check.find(treeOf(files)).map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

/** Holds the problems of `check` against patterns, one each, in order. */
function refuses(
  check: Check,
  files: Readonly<Record<string, string>>,
  ...patterns: readonly RegExp[]
): void {
  const problems = find(check, files);
  assert.equal(problems.length, patterns.length, problems.join("\n"));
  patterns.forEach((pattern, index) => assert.match(problems[index] ?? "", pattern));
}

test("an_import_against_the_order_is_refused_in_every_form", () => {
  for (const line of [
    "use crate::plan::Expr;",
    "use crate::{error::Error, plan::{Expr, Node}};",
    "use super::super::plan::Expr;",
    "fn f() -> crate::plan::Expr { todo!() }",
  ]) {
    const problems = find(IMPORTS, { [`${ENGINE}/column/array.rs`]: `\n${line}\n` });
    assert.match(problems[0] ?? "", /array\.rs:2: column may not use plan::Expr/, line);
  }
});

test("neighbours_in_braces_are_strangers", () => {
  const problem = /exec may not use sql::parse: the two are strangers/;
  refuses(IMPORTS, { [`${ENGINE}/exec/scan.rs`]: "use crate::sql::parse;" }, problem);
});

test("plan_takes_only_option_types_from_format", () => {
  const path = `${ENGINE}/plan/node.rs`;
  refuses(IMPORTS, { [path]: "use crate::format::csv::CsvWriteOptions;" });
  refuses(IMPORTS, { [path]: "use crate::format::csv::read_csv;" }, /option types only/);
});

test("imports_to_the_right_and_names_in_comments_and_strings_are_fine", () => {
  const text = [
    "// see crate::plan::Node",
    'const A: &str = "crate::exec::run";',
    "use crate::error::{Error, Result};",
    "#[cfg(test)]",
    "mod tests {",
    "    use super::*;",
    "}",
  ].join("\n");
  refuses(IMPORTS, { [`${ENGINE}/column/array.rs`]: text });
});

test("a_room_without_a_place_in_the_order_is_refused", () => {
  refuses(IMPORTS, { [`${ENGINE}/helpers.rs`]: "" }, /room helpers has no place/);
});

test("unsafe_outside_its_rooms_is_refused", () => {
  const text = "fn f() {\n    // SAFETY: said.\n    unsafe { g() }\n}\n";
  refuses(UNSAFE, { [`${ENGINE}/plan/node.rs`]: text }, /node\.rs:3: unsafe is not allowed/);
  refuses(UNSAFE, { [`${ENGINE}/column/buffer.rs`]: text });
});

test("unsafe_without_its_reason_is_refused", () => {
  const path = "abi/src/guard.rs";
  refuses(UNSAFE, { [path]: "fn f() {\n    unsafe { g() }\n}\n" }, /rs:2: expected \/\/ SAFETY:/);
  refuses(UNSAFE, { [path]: "unsafe impl Send for A {}\n" }, /rs:1: expected \/\/ SAFETY:/);
  refuses(UNSAFE, { [path]: "/// Does.\npub unsafe fn f() {}\n" }, /rs:2: expected # Safety/);
  refuses(UNSAFE, { [path]: "/// # Safety\n/// - x\n#[inline]\npub unsafe fn f() {}\n" });
  refuses(UNSAFE, { [path]: '#[unsafe(no_mangle)]\npub type F = unsafe extern "C" fn(u8);\n' });
});

test("a_long_file_is_refused_and_tests_may_be_longer", () => {
  const lines = "x\n".repeat(601);
  refuses(SIZES, { "core/a.rs": lines }, /at most 600 lines, found 601/);
  refuses(SIZES, { "core/tests/a.rs": lines });
  refuses(SIZES, { "core/tests/a.rs": "x\n".repeat(1001) }, /at most 1000 lines, found 1001/);
  refuses(SIZES, { "core/a.rs": `${"x\n".repeat(599)}#[cfg(test)]\nmod tests {\n}\n` });
  refuses(SIZES, { "a.gen.ts": lines });
});

test("a_long_line_is_refused_unless_it_holds_a_link", () => {
  refuses(
    SIZES,
    { "a.py": `${"x".repeat(101)}\n` },
    /py:1: expected at most 100 columns, found 101/,
  );
  refuses(SIZES, { "a.py": `${"é".repeat(100)}\n# https://${"x".repeat(100)}\n` });
});

test("a_long_function_is_refused_in_every_language", () => {
  const body = (indent: string): string => `${indent}x;\n`.repeat(70);
  for (const [path, text] of [
    ["a.rs", `impl A {\n    pub fn long(&self) {\n${body("        ")}    }\n}\n`],
    ["a.ts", `class A {\n  async long(a: number): Promise<void> {\n${body("    ")}  }\n}\n`],
    ["b.ts", `export function long(\n  a: number,\n): void {\n${body("  ")}}\n`],
    ["c.ts", `export const long = (a: number): void => {\n${body("  ")}};\n`],
    [
      "a.php",
      `final class A\n{\n    public function long(): void\n    {\n${body("        ")}    }\n}\n`,
    ],
    ["a.go", `func (a *A) long() {\n${body("\t")}}\n`],
    ["a.c", `static int long_one(int a)\n{\n${body("  ")}}\n`],
    ["a.py", `class A:\n    def long(self):\n${"        x\n".repeat(70)}\n    def b(self): pass\n`],
  ] as const) {
    const problems = find(SIZES, { [path]: text });
    assert.equal(problems.length, 1, `${path}: ${problems.join("\n")}`);
    assert.match(problems[0] ?? "", /expected at most 70 lines in long/);
  }
});

test("a_function_of_70_lines_and_one_without_a_body_are_fine", () => {
  const body = "    x;\n".repeat(68);
  refuses(SIZES, { "a.rs": `fn f() {\n${body}}\n`, "b.rs": `trait T {\n    fn a();\n${body}}\n` });
});

test("a_rust_file_that_no_module_declares_is_dead", () => {
  const files = {
    [`${ENGINE}/lib.rs`]: "pub mod plan;\n",
    [`${ENGINE}/plan/mod.rs`]: "mod node;\n",
    [`${ENGINE}/plan/node.rs`]: "",
    "core/engine/tests/a.rs": "",
  };
  refuses(DEAD, files);
  refuses(DEAD, { ...files, [`${ENGINE}/plan/old.rs`]: "" }, /plan\/old\.rs:0: expected a ref/);
});

test("a_typescript_file_that_nothing_names_is_dead", () => {
  const files = { "a/src/main.ts": 'import "./used.js";', "a/src/used.ts": "" };
  const manifest = { "a/package.json": '{"name":"src"}' };
  refuses(DEAD, { ...files, ...manifest });
  refuses(DEAD, { ...files, ...manifest, "a/src/left.ts": "" }, /left\.ts/);
});

test("a_page_of_docs_that_nothing_links_to_is_dead", () => {
  refuses(DEAD, { "docs/abi.md": "", "README.md": "no link" }, /docs\/abi\.md/);
  refuses(DEAD, { "docs/abi.md": "", "README.md": "[abi](docs/abi.md)" });
});

test("a_link_to_nothing_is_refused", () => {
  const files = { "docs/a.md": "# One thing: a `b`\n", "docs/b/c.md": "" };
  const links = "[a](docs/a.md#one-thing-a-b) [b](docs/b) [x](https://example.org/x)\n";
  refuses(LINKS, { ...files, "README.md": `${links}\`[no](none.md)\`\n` });
  refuses(LINKS, { ...files, "README.md": "\n[a](docs/x.md)\n" }, /README\.md:2: expected docs\/x/);
  refuses(LINKS, { ...files, "docs/d.md": "[a](a.md#two)" }, /expected a heading #two in docs\/a/);
});

const PAGE = [
  "| path | what |",
  "| --- | --- |",
  "| `core/`, `cli/` | code |",
  "",
  "```text",
  "core/src/",
  "  lib.rs     words about it",
  "  plan/",
  "    node.rs expr.rs   two of them",
  "```",
];
const CODE = { "core/src/lib.rs": "", "core/src/plan/node.rs": "" };

test("a_path_that_layout_names_must_exist_or_come_later", () => {
  const page = PAGE.join("\n");
  const problems = [/cli\/ does not exist/, /core\/src\/plan\/expr\.rs does not exist/];
  refuses(LAYOUT, { ...CODE, "LAYOUT.md": page }, ...problems);
  const later = `${page}\n## Rooms that come later\n\n- \`cli/\`, \`core/src/plan/expr.rs\`\n`;
  refuses(LAYOUT, { ...CODE, "LAYOUT.md": later });
  const arrived = { ...CODE, "LAYOUT.md": later, "cli/main.rs": "" };
  refuses(LAYOUT, arrived, /cli\/ exists: take it out/);
});

test("a_machine's_paths_and_registries_are_refused", () => {
  // Put together here for the same reason as in the check.
  const home = ["", "root", "x"].join("/");
  const host = ["registry", "npmjs", "org"].join(".");
  refuses(MACHINE, { "a.md": `see ${home}\n` }, /a\.md:1: .* belongs to one machine/);
  refuses(MACHINE, { "package-lock.json": `"https://${host}/x"\n` }, /belongs to one machine/);
  refuses(MACHINE, { "a.md": "see src/work/x and /tmp/x\n" });
});

test("a_licence_that_asks_for_more_than_a_notice_is_refused", () => {
  const rust = [{ name: "left", licence: "GPL-3.0-only" }];
  refuses(
    licences(() => rust),
    { "Cargo.lock": "" },
    /left: licence GPL-3\.0-only/,
  );
  const lock = JSON.stringify({
    packages: { "": {}, "node_modules/a": { license: "MIT" }, "node_modules/b": {} },
  });
  refuses(
    licences(() => []),
    { "package-lock.json": lock },
    /b: licence \(none stated\)/,
  );
});

test("licence_expressions_are_read", () => {
  assert.ok(isAllowed("MIT/Apache-2.0"));
  assert.ok(isAllowed("GPL-2.0 OR MIT"));
  assert.ok(isAllowed("(MIT OR GPL-2.0) AND Unicode-3.0"));
  assert.ok(isAllowed("Apache-2.0 WITH LLVM-exception"));
  assert.ok(!isAllowed("MIT AND GPL-2.0"));
  assert.ok(!isAllowed(""));
  const metadata = '{"packages":[{"name":"own","license":null,"source":null}]}';
  assert.deepEqual(cargoDependencies(metadata), []);
});

const HEADER = `
#ifndef PARDOX_H
#define PARDOX_H
typedef enum pardox_status {
  /** ok; fine */
  PARDOX_STATUS_OK = 0,
  PARDOX_STATUS_BUSY,
} pardox_status;
typedef struct pardox_error {
  uint32_t struct_size;
  char file[512];
} pardox_error;
int32_t pardox_release(uint64_t *handle,
                       pardox_error *error);
#endif
`;

test("a_header_is_read_into_its_surface", () => {
  assert.deepEqual(surfaceOf(HEADER), [
    "constant PARDOX_STATUS_BUSY = 1",
    "constant PARDOX_STATUS_OK = 0",
    "function int32_t pardox_release(uint64_t *handle, pardox_error *error)",
    "struct pardox_error { uint32_t struct_size; char file[512]; }",
  ]);
});

test("a_removed_or_changed_symbol_is_refused", () => {
  const history = { "abi/history/1.0.txt": `# 1.0\n${surfaceOf(HEADER).join("\n")}\n` };
  const header = "abi/include/pardox.h";
  refuses(ABI, { ...history, [header]: `${HEADER}int32_t pardox_new(uint64_t a);\n` });
  const gone = HEADER.replace(/int32_t pardox_release[^;]*;/, "");
  refuses(ABI, { ...history, [header]: gone }, /pardox_release has changed.*it is gone/);
  const changed = HEADER.replace("uint64_t *handle", "uint32_t *handle");
  refuses(ABI, { ...history, [header]: changed }, /pardox_release has changed.*uint32_t/);
  const moved = HEADER.replace("PARDOX_STATUS_OK = 0", "PARDOX_STATUS_OK = 7");
  refuses(ABI, { ...history, [header]: moved }, /_BUSY has changed/, /_OK has changed/);
});

test("a_surface_without_a_record_and_one_too_large_are_refused", () => {
  refuses(ABI, { "abi/include/pardox.h": HEADER }, /expected a recorded surface/);
  const many = Array.from({ length: 65 }, (_, index) => `int32_t pardox_f${index}(void);`);
  const files = { "abi/include/pardox.h": many.join("\n"), "abi/history/1.0.txt": "" };
  refuses(ABI, files, /at most 64 functions, found 65/);
});

test("the_library_exports_the_header_and_nothing_else", () => {
  const listing = "00001 T pardox_release\n00002 T rust_eh_personality\n";
  assert.deepEqual(functionsOf(surfaceOf(HEADER)), ["pardox_release"]);
  const messages = compareExports(HEADER, listing, "lib.so").map(({ message }) => message);
  assert.deepEqual(messages, ["exports rust_eh_personality, which is not in pardox.h"]);
  const nothing = compareExports(HEADER, "", "lib.so").map(({ message }) => message);
  assert.deepEqual(nothing, ["does not export pardox_release of pardox.h"]);
});

test("a_generated_file_that_is_stale_edited_or_missing_is_drift", () => {
  assert.equal(drift("a.h", "one\ntwo\n", "one\ntwo\n"), undefined);
  assert.match(drift("a.h", "one\n2\n", "one\ntwo\n") ?? "", /a\.h:2: stale or edited by hand/);
  assert.match(drift("a.h", "one\n\n\n", "one\n") ?? "", /stale or edited/);
  assert.match(drift("a.h", undefined, "one\n") ?? "", /a\.h is missing/);
});

test("a_spelled_out_match_and_a_table_of_tests_may_be_longer_than_a_screen", () => {
  const cases = (count: number): string => "        A => 1,\n".repeat(count);
  const match = (count: number): string => `fn f() {\n    match a {\n${cases(count)}    }\n}\n`;
  refuses(SIZES, { "src/a.rs": match(96) });
  refuses(SIZES, { "src/a.rs": match(97) }, /at most 100 lines in f, found 101/);
  const body = "    a();\n".repeat(99);
  refuses(SIZES, { "src/a.rs": `fn f() {\n${body}}\n` }, /at most 70 lines in f, found 101/);
  refuses(SIZES, { "tests/a.rs": `fn f() {\n${body}}\n` });
  const text = `    ("${"x".repeat(100)}"),\n`;
  refuses(SIZES, { "tests/a.rs": text });
  refuses(SIZES, { "src/a.rs": text }, /at most 100 columns/);
  refuses(SIZES, { "src/A.php": `${"x".repeat(120)}\n` });
  refuses(SIZES, { "src/A.php": `${"x".repeat(121)}\n` }, /at most 120 columns/);
});

test("what_tests_of_a_crate_share_is_declared_by_one_of_them", () => {
  const shared = { "abi/tests/header/mod.rs": "", "abi/tests/surface.rs": "mod header;\n" };
  refuses(DEAD, shared);
  refuses(DEAD, { ...shared, "abi/tests/surface.rs": "" }, /header\/mod\.rs:0: expected a ref/);
});

test("a_function_stands_in_an_ordinary_case_and_in_one_of_an_edge", () => {
  const list = JSON.stringify({ functions: [{ name: "upper", aliases: ["ucase"] }] }, null, 2);
  const at = (name: string): string => `conformance/cases/text/${name}`;
  const call = (values: readonly (string | null)[]): string =>
    JSON.stringify({ plan: { values, expr: { call: { function: "upper", args: [] } } } });
  const text = JSON.stringify({ plan: { values: ["a"], text: "ucase (s) as s" } });
  const start = { "abi/include/functions.json": list, [`${at("a")}/case.json`]: call(["a"]) };
  refuses(FUNCTIONS, start, /functions\.json:\d+: upper stands in 1 of 2 conformance cases/);
  const plain = { ...start, [`${at("b")}/case.json`]: text };
  refuses(FUNCTIONS, plain, /upper stands in no conformance case of a null, an edge or a refusal/);
  refuses(FUNCTIONS, { ...start, [`${at("b")}/case.json`]: call(["a", null]) });
  refuses(FUNCTIONS, { ...plain, [`${at("b")}/error.json`]: "{}" });
  refuses(FUNCTIONS, { ...plain, [`${at("b")}/expected.json`]: '{"rows":[["a",""]]}' });
});
