import assert from "node:assert/strict";
import { test } from "node:test";
import { installCommands } from "../src/toolchain/debian.js";
import { atLeast, versionIn, which } from "../src/toolchain/tool.js";

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
