// One declaration for each construct of pardox.h, and what is read of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { surfaceText } from "../src/model/fingerprint.js";
import { Refusal } from "../src/problems.js";
import { readHeader } from "../src/read/header.js";

const ERROR = "struct pardox_error *error";

/** Parameters before the error, and the role of each. */
const ROLES: readonly (readonly [string, string, readonly string[]])[] = [
  ["text", "const char *json, int64_t json_length", ["text", "text_length"]],
  ["bytes", "const uint8_t *data, int64_t data_length", ["text", "text_length"]],
  ["handles", "const uint64_t *frames, int64_t frame_count", ["array", "array_count"]],
  ["numbers", "uint64_t frame, int64_t index", ["in", "in"]],
  ["results", "int64_t *row_count, const uint8_t **data", ["out", "out"]],
  [
    "memory",
    "uint8_t *target, int64_t capacity_bytes, void *values, int64_t values_bytes",
    ["buffer", "buffer_size", "buffer", "buffer_size"],
  ],
  ["record", "struct pardox_view *view", ["record"]],
  ["stream", "struct ArrowArrayStream *stream", ["stream"]],
];

for (const [name, text, roles] of ROLES) {
  test(`a parameter for ${name} has its role`, () => {
    const header = readHeader(`int32_t pardox_x(${text},\n    ${ERROR});`);
    const found = header.functions[0]?.parameters.map(({ role }) => role);
    assert.deepEqual(found, [...roles, "error"]);
  });
}

test("the handle of pardox_release goes in and out", () => {
  const header = readHeader(`int32_t pardox_release(uint64_t *handle, ${ERROR});`);
  assert.equal(header.functions[0]?.parameters[0]?.role, "in_out");
});

test("doc comments, guards and forward declarations are read as such", () => {
  const header = readHeader(
    `
    #ifndef PARDOX_H
    /* not a doc comment; */
    struct ArrowArrayStream;
    #ifdef __cplusplus
    extern "C" {
    #endif // __cplusplus
    /**
     * Counts rows; and
     * columns.
     */
    int32_t pardox_x(${ERROR});
    }  // extern "C"
  `.replaceAll(/^ {4}/gm, ""),
  );
  assert.equal(header.functions[0]?.doc, "Counts rows; and columns.");
});

test("a struct is laid out by the C rules", () => {
  const header = readHeader(`typedef struct pardox_view {
    /** Size. */
    uint32_t struct_size;
    int64_t row_count;
    uint8_t flag;
    const void *values;
    char file[13];
  } pardox_view;`);
  const [struct] = header.structs;
  assert.deepEqual(
    struct?.fields.map(({ name, offsetBytes, length }) => [name, offsetBytes, length]),
    [
      ["struct_size", 0, null],
      ["row_count", 8, null],
      ["flag", 16, null],
      ["values", 24, null],
      ["file", 32, 13],
    ],
  );
  assert.equal(struct?.sizeBytes, 48);
  assert.equal(struct?.fields[0]?.doc, "Size.");
});

test("an enum gives short names and numbers", () => {
  const header = readHeader(`typedef enum pardox_state {
    /** Goes on. */
    PARDOX_STATE_RUNNING = 0,
    PARDOX_STATE_DONE = 1,
  } pardox_state;`);
  assert.deepEqual(header.enums[0]?.values, [
    { name: "PARDOX_STATE_RUNNING", short: "running", number: 0, doc: "Goes on." },
    { name: "PARDOX_STATE_DONE", short: "done", number: 1, doc: "" },
  ]);
});

const REFUSED: readonly (readonly [string, string, string])[] = [
  ["a result that is no status", `uint64_t pardox_x(${ERROR});`, "expected the result int32_t"],
  ["a foreign name", `int32_t other_x(${ERROR});`, "begins with pardox_"],
  ["no error", "int32_t pardox_x(uint64_t a);", "expected pardox_error *error as last"],
  ["bool", `int32_t pardox_x(bool a, ${ERROR});`, "type bool is outside the list"],
  ["size_t", `int32_t pardox_x(size_t a, ${ERROR});`, "type size_t is outside the list"],
  [
    "text without length",
    `int32_t pardox_x(const char *a, ${ERROR});`,
    "expected a_length after a",
  ],
  ["a struct by value", `int32_t pardox_x(struct s a, ${ERROR});`, "none passes by value"],
  ["what is no declaration", "int32_t pardox_x", "expected a declaration"],
];

for (const [name, text, message] of REFUSED) {
  test(`${name} is refused`, () => {
    assert.throws(
      () => readHeader(text),
      (error) => error instanceof Refusal && error.message.includes(message),
    );
  });
}

test("the surface does not change with order or comments, and does with a name or a type", () => {
  const one = `int32_t pardox_a(uint64_t x, ${ERROR});`;
  const two = `int32_t pardox_b(int64_t *y, ${ERROR});`;
  const surface = (text: string): string => surfaceText(readHeader(text));
  assert.equal(surface(`${one}\n/** Doc. */\n${two}`), surface(`${two}\n${one}`));
  assert.notEqual(surface(one), surface(one.replace("x,", "z,")));
  assert.notEqual(surface(one), surface(one.replace("uint64_t", "int64_t")));
});
