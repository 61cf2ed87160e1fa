// Drift: each way in which files at rest differ from what codegen would write.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { emitAll, MARK } from "../src/emit/emitter.js";
import { findDrift, writeFiles } from "../src/files.js";

const FILES = [
  { path: "bindings/x/a.gen.ts", text: `// ${MARK}\na\n` },
  { path: "docs/reference/x.md", text: `<!-- ${MARK} -->\n` },
];

function inFolder(run: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), "codegen-"));
  try {
    run(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test("what was written is current", () => {
  inFolder((root) => {
    assert.equal(writeFiles(root, FILES).length, 2);
    assert.deepEqual(findDrift(root, FILES), []);
    assert.equal(writeFiles(root, FILES).length, 0);
  });
});

test("a missing file is named", () => {
  inFolder((root) => {
    writeFiles(root, FILES);
    rmSync(join(root, "docs/reference/x.md"));
    assert.deepEqual(findDrift(root, FILES), [{ path: "docs/reference/x.md", reason: "missing" }]);
  });
});

test("an edited file is named", () => {
  inFolder((root) => {
    writeFiles(root, FILES);
    put(root, "bindings/x/a.gen.ts", `// ${MARK}\nb\n`);
    assert.deepEqual(findDrift(root, FILES), [
      { path: "bindings/x/a.gen.ts", reason: "stale or edited" },
    ]);
  });
});

test("a marked file that nothing writes any more is a leftover, and removed", () => {
  inFolder((root) => {
    writeFiles(root, FILES);
    put(root, "bindings/y/old_gen.go", `// ${MARK}\n`);
    const leftover = [{ path: "bindings/y/old_gen.go", reason: "leftover" }];
    assert.deepEqual(findDrift(root, FILES), leftover);
    assert.deepEqual(writeFiles(root, FILES), leftover);
    assert.equal(existsSync(join(root, "bindings/y/old_gen.go")), false);
  });
});

test("files by hand and installed ones are left alone", () => {
  inFolder((root) => {
    writeFiles(root, FILES);
    put(root, "bindings/x/hand.ts", "// by hand\n");
    put(root, "bindings/x/node_modules/z/a.gen.ts", `// ${MARK}\n`);
    assert.deepEqual(findDrift(root, FILES), []);
    assert.equal(readFileSync(join(root, "bindings/x/hand.ts"), "utf8"), "// by hand\n");
  });
});

test("two emitters may not write one file, and every file says that it is generated", () => {
  const model = {} as never;
  const emit = () => FILES;
  assert.throws(
    () =>
      emitAll(
        model,
        new Map([
          ["a", emit],
          ["b", emit],
        ]),
      ),
    /emit\/a and emit\/b/,
  );
  const bare = () => [{ path: "x", text: "nothing\n" }];
  assert.throws(() => emitAll(model, new Map([["a", bare]])), /does not open it with/);
});
