// The package: both of its doors, and what it says of a library that is missing or does not fit.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { native } from "../src/library.js";
import { SURFACE } from "../src/native.gen.js";
import { file, FOLDER, PACKAGE, runProgram } from "./support.js";

test("import and require give one core: the same classes, the same state", () => {
  const code = `
    import * as px from "pardox";
    import whole from "pardox";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("pardox");
    const df = px.fromColumns({ a: [1] });
    const names = Object.keys(required).filter((name) => px[name] !== required[name]);
    console.log(df instanceof required.DataFrame, whole.readCsv === px.readCsv, names.length);`;
  const made = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: PACKAGE,
    encoding: "utf8",
  });
  assert.equal(made.stdout, "true true 0\n", made.stderr);
});

test("an import loads nothing native", () => {
  const { status, said } = runProgram("px.col('a').gt(1); px.scanCsv('x.csv').head(1);", {
    PARDOX_LIBRARY: "/no/such/library.so",
  });
  assert.deepEqual([status, said], [0, ""]);
});

/** What `px.version()` is refused with where that library is named. */
function refusal(library: string): { readonly kind: string; readonly message: string } {
  const code = `try { px.version(); } catch ({ kind, message }) {
    console.log(JSON.stringify({ kind, message })); }`;
  const { output, said } = runProgram(code, { PARDOX_LIBRARY: library });
  assert.notEqual(output, "", said);
  return JSON.parse(output) as { kind: string; message: string };
}

test("a library that is missing is named, and what to do", () => {
  const { kind, message } = refusal("/no/such/library.so");
  assert.equal(kind, "not_found");
  assert.match(message, /\/no\/such\/library\.so/);
  assert.match(message, /PARDOX_LIBRARY/);
});

test("a relative path is refused", () => {
  assert.match(
    refusal("libpardox.so").message,
    /absolute path, found PARDOX_LIBRARY=libpardox\.so/,
  );
});

test("a file that is no library is refused", () => {
  const { kind, message } = refusal(file("text.so", "not a library"));
  assert.equal(kind, "unsupported_version");
  assert.match(message, /text\.so does not fit/);
});

/** A library whose functions of these names all return 0 and do nothing. */
function stub(name: string, functions: readonly string[]): string {
  const code = functions.map((one) => `int ${one}(void) { return 0; }`).join("\n");
  const library = join(FOLDER, name);
  execFileSync("cc", ["-shared", "-fPIC", "-o", library, file(`${name}.c`, code)]);
  return library;
}

const functions = [
  ...new Set(
    readFileSync(join(PACKAGE, "src/native.gen.ts"), "utf8").match(/(?<=func\(")pardox_\w+/g),
  ),
];

test("an older library lacks a function", () => {
  const older = stub(
    "older.so",
    functions.filter((name) => name !== "pardox_frame_to_ipc"),
  );
  const { kind, message } = refusal(older);
  assert.equal(kind, "unsupported_version");
  assert.match(message, /pardox_frame_to_ipc/);
  assert.match(message, /older/);
});

test("a library of another surface is refused by its fingerprint", () => {
  assert.ok(functions.length > 30);
  const { kind, message } = refusal(stub("other.so", functions));
  assert.equal(kind, "unsupported_version");
  assert.match(message, new RegExp(SURFACE.toString(16)));
  assert.match(message, /one version/);
});

test("the right library satisfies this surface, and no other", () => {
  assert.equal(native().hasSurface(SURFACE), 1);
  assert.equal(native().hasSurface(SURFACE + 1n), 0);
});

test("the packaged library is found without a word", () => {
  const named = process.env["PARDOX_LIBRARY"];
  if (named === undefined) return;
  const folder = join(FOLDER, "node_modules/pardox");
  execFileSync("mkdir", ["-p", join(folder, "native", `${process.platform}-${process.arch}`)]);
  execFileSync("cp", ["-r", join(PACKAGE, "dist"), join(PACKAGE, "package.json"), folder]);
  execFileSync("ln", [
    "-sfn",
    join(PACKAGE, "../../node_modules/koffi"),
    join(FOLDER, "node_modules/koffi"),
  ]);
  copyFileSync(
    named,
    join(folder, "native", `${process.platform}-${process.arch}`, "libpardox.so"),
  );
  const code = `console.log(require(${JSON.stringify(folder)}).version());`;
  const { output, said } = runProgram(code, { PARDOX_LIBRARY: undefined });
  assert.match(output, /^\d+\.\d+\.\d+/, said);
});
