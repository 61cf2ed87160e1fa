// COBOL's files keep to its columns and names, and its face is held against the description.

import assert from "node:assert/strict";
import { test } from "node:test";
import { handCallsOf, HAND, itemsOf, stepCallsOf } from "../src/emit/cobol/calls.js";
import { emit } from "../src/emit/cobol/index.js";
import { returnCodeOf } from "../src/emit/cobol/native.js";
import { loadModel, readInputs } from "../src/load.js";
import type { Model } from "../src/model/model.js";
import { verifyCalls } from "../src/verify/cobol.js";

const MODEL = loadModel(readInputs());

test("copybooks stay in columns 8 to 72, and their words in upper case", () => {
  const copybooks = emit(MODEL).filter(({ path }) => path.endsWith(".cpy"));
  assert.equal(copybooks.length, 3);
  for (const { path, text } of copybooks) {
    for (const line of text.trimEnd().split("\n")) {
      assert.ok(line.length <= 72, `${path}: ${line}`);
      assert.match(line, /^ {6}[* ]/, path);
      if (line[6] === "*") continue;
      const bare = line.replaceAll(/"[^"]*"/g, "");
      assert.equal(bare, bare.toUpperCase(), path);
      for (const [word] of bare.matchAll(/[A-Z0-9][A-Z0-9-]*/g)) assert.ok(word.length <= 30, word);
    }
  }
});

test("a call takes the table first, then what the description says, then result and error", () => {
  const join = stepCallsOf(MODEL).find(({ name }) => name === "PDXJOIN");
  assert.ok(join !== undefined);
  assert.deepEqual(itemsOf(join), [
    "PDX-FRAME",
    "PDX-OTHER",
    "PDX-ON",
    "PDX-ON-LENGTH",
    "PDX-HOW",
    "PDX-HOW-LENGTH",
    "PDX-SUFFIX",
    "PDX-SUFFIX-LENGTH",
    "PDX-RESULT",
    "PDX-ERROR",
  ]);
});

test("every call by hand is described, and a described one that nobody wrote is refused", () => {
  const described = handCallsOf(MODEL).map(({ member }) => member.names.cobol);
  assert.deepEqual([...described].sort(), Object.keys(HAND).sort());
  const renamed = JSON.parse(
    JSON.stringify({ face: MODEL.face }).replaceAll('"PDXCLOS"', '"PDXOTHR"'),
  ) as Model;
  assert.throws(() => handCallsOf(renamed), /nobody wrote CALL "PDXOTHR"/);
});

test("an error without a RETURN-CODE is refused", () => {
  assert.equal(returnCodeOf("unknown_column"), 8);
  assert.throws(() => returnCodeOf("new_error"), /has no RETURN-CODE/);
});

test("a call that is not there, or not documented, is named", () => {
  const whole = [...stepCallsOf(MODEL), ...handCallsOf(MODEL)]
    .map(({ member }) => `/* Doc. */\nPDX_EXPORT int ${member.names.cobol}(void)`)
    .join("\n");
  assert.deepEqual(verifyCalls(whole, MODEL), []);
  const without = whole.replace("PDX_EXPORT int PDXCLOS(", "int PDXCLOS(");
  assert.deepEqual(verifyCalls(without, MODEL), [
    {
      where: "bindings/cobol/src PDXCLOS",
      message: "is described but not there (DataFrame.close)",
    },
  ]);
  const bare = whole.replace("/* Doc. */\nPDX_EXPORT int PDXCLOS(", "\nPDX_EXPORT int PDXCLOS(");
  assert.deepEqual(verifyCalls(bare, MODEL), [
    { where: "bindings/cobol/src PDXCLOS", message: "has no comment" },
  ]);
});
