import assert from "node:assert/strict";
import { test } from "node:test";
import type { Language } from "../src/model/model.js";
import { cobolData, isReserved, nameIn, type Position, wordsOf } from "../src/model/names.js";

const CASINGS: readonly (readonly [Language, Position, string, string])[] = [
  ["ts", "member", "isNull", "isNull"],
  ["ts", "value", "unknown_column", "UnknownColumn"],
  ["php", "parameter", "null_values", "nullValues"],
  ["go", "member", "readCsv", "ReadCSV"],
  ["go", "member", "sql", "SQL"],
  ["go", "parameter", "nullValues", "nullValues"],
  ["go", "value", "utf8", "UTF8"],
  ["python", "function", "readCsv", "read_csv"],
  ["python", "value", "left", "LEFT"],
  ["cobol", "parameter", "nullValues", "PDX-NULL-VALUES"],
];

for (const [language, position, name, expected] of CASINGS) {
  test(`${name} as ${position} in ${language} is ${expected}`, () => {
    assert.equal(nameIn(language, position, name), expected);
  });
}

test("words of any casing are the same", () => {
  for (const name of ["nUniqueValues", "n_unique_values", "N-UNIQUE-VALUES"]) {
    assert.deepEqual(wordsOf(name), ["n", "unique", "values"]);
  }
});

const RESERVED: readonly (readonly [Language, Position, string, boolean])[] = [
  ["ts", "member", "var", false],
  ["ts", "function", "var", true],
  ["ts", "member", "then", true],
  ["php", "member", "list", false],
  ["php", "function", "LIST", true],
  ["go", "parameter", "range", true],
  ["go", "member", "Range", false],
  ["python", "member", "and", true],
  ["python", "member", "None", true],
  ["python", "member", "none", true],
  ["python", "member", "And", false],
];

for (const [language, position, name, expected] of RESERVED) {
  test(`${name} as ${position} in ${language} is ${expected ? "" : "not "}reserved`, () => {
    assert.equal(isReserved(language, position, name), expected);
  });
}

test("a COBOL data name joins all its words", () => {
  assert.equal(cobolData("err", "UnknownColumn"), "PDX-ERR-UNKNOWN-COLUMN");
});
