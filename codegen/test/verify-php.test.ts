// The hand-written PHP face is held against the description: by the real one with something gone.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadModel, readInputs } from "../src/load.js";
import { ROOT } from "../src/paths.js";
import { verifyPhpFiles } from "../src/verify/php.js";

const MODEL = loadModel(readInputs());

/** The problems of the face when one text of one file is another. */
function problems(file: string, from: string, to: string): readonly string[] {
  const read = (name: string): string => {
    const path = join(ROOT, "bindings", "php", "src", name);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    return name === file ? text.replace(from, to) : text;
  };
  return verifyPhpFiles(MODEL, read).map(({ where, message }) => `${where} ${message}`);
}

test("the face has everything", () => {
  assert.deepEqual(problems("", "", ""), []);
});

test("a method that is not there is named", () => {
  assert.deepEqual(problems("DataFrame.php", "function toArray(", "function rows("), [
    "bindings/php/src/DataFrame.php toArray is described but not there",
  ]);
});

test("a method that is not public is not there", () => {
  const [from, to] = ["public function explain(", "private function explain("];
  assert.deepEqual(problems("LazyFrame.php", from, to), [
    "bindings/php/src/LazyFrame.php explain is described but not there",
  ]);
});

test("a method without a doc comment is named", () => {
  assert.deepEqual(problems("Column.php", "    /** Its name. */\n", ""), [
    "bindings/php/src/Column.php name has no doc comment",
  ]);
});

test("a function that is not there is named", () => {
  assert.deepEqual(problems("functions.php", "function nUnique(", "function unique("), [
    "bindings/php/src/functions.php nUnique is described but not there",
  ]);
});
