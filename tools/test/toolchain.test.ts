import assert from "node:assert/strict";
import { test } from "node:test";
import { installCommands } from "../src/toolchain/debian.js";
import { setUp, TOOLS } from "../src/toolchain/setup.js";
import { atLeast, found, missing, type Tool, versionIn, which } from "../src/toolchain/tool.js";

test("versions_are_compared_number_by_number", () => {
  for (const [version, least, expected] of [
    ["1.95.0", "1.95", true],
    ["1.100.0", "1.95", true],
    ["1.94.9", "1.95", false],
    ["2.0", "1.95.1", true],
    ["1.95", "1.95.1", false],
  ] as const) {
    assert.equal(atLeast(version, least), expected, `${version} against ${least}`);
  }
});

test("a_version_is_found_in_what_programs_say", () => {
  assert.equal(versionIn("cargo 1.96.0 (30a34c682 2026-05-25)"), "1.96.0");
  assert.equal(versionIn("cobc (GnuCOBOL) 3.1.2.0"), "3.1.2");
  assert.equal(versionIn("no number"), undefined);
  assert.equal(versionIn(undefined), undefined);
});

test("a_program_is_looked_for_on_the_path_and_then_in_the_folders_given", () => {
  assert.ok(which("node") !== undefined);
  assert.equal(which("pardox-no-such-program", ["/usr/bin"]), undefined);
});

test("install_commands_can_be_pasted", () => {
  assert.deepEqual(installCommands(["gcc", "make"]), [
    "sudo apt-get update",
    "sudo apt-get install --yes --no-install-recommends gcc make",
  ]);
});

/** Sets up one tool that has the name of a real one. */
function setUpOne(tool: Omit<Tool, "name">): Promise<Readonly<Record<string, string>>> {
  return setUp(new Set(["go"] as const), false, [{ name: "go", ...tool }]);
}

test("a_tool_that_nothing_brings_stops_the_run_by_name", async () => {
  const find = () => missing("expected Go 1.23 or newer, found 1.19", [], "install Go");
  await assert.rejects(setUpOne({ find }), /expected Go 1\.23 or newer, found 1\.19: install Go/);
});

test("a_tool_that_is_still_missing_after_it_was_fetched_stops_the_run", async () => {
  let fetched = 0;
  const find = () => missing("expected Go, found none", [], "install Go");
  const fetch = async () => `fetched ${(fetched += 1)}`;
  await assert.rejects(setUpOne({ find, fetch }), /expected Go, found none/);
  assert.equal(fetched, 1);
});

test("what_a_tool_adds_reaches_the_environment_and_path_keeps_its_order", async () => {
  const own = process.env.PATH ?? "";
  const first = own.split(":")[0] ?? "";
  const env = await setUpOne({ find: () => found("Go", ["/opt/go/bin", first], { A: "1" }) });
  assert.equal(env.PATH, `/opt/go/bin:${own}`);
  assert.equal(env.A, "1");
  assert.match(env.PARDOX_LIBRARY ?? "", /release.libpardox\./);
});

test("every_tool_has_one_entry", () => {
  const names = TOOLS.map((tool) => tool.name);
  assert.equal(new Set(names).size, names.length);
});
