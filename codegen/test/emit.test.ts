// What is emitted: one member for each construct with its TypeScript body, an example in another
// language, determinism, and that the dispatch answers the whole plan.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { aggregateCalls, functionCalls, stepCalls } from "../src/emit/dispatch.js";
import { emitAll, loadEmitters } from "../src/emit/emitter.js";
import { type ExampleStyle, printExample } from "../src/emit/example.js";
import { Lines, wrap } from "../src/emit/lines.js";
import { body, signature } from "../src/emit/ts/members.js";
import { loadModel, readInputs } from "../src/load.js";
import { classOf, memberById } from "../src/model/find.js";
import { ROOT } from "../src/paths.js";

const MODEL = loadModel(readInputs());

/** One member for each construct: its id, its signature and the last line of its body. */
const BODIES = readFileSync(join(ROOT, "codegen/test/fixture/members.ts.txt"), "utf8")
  .trimEnd()
  .split("\n\n")
  .map((block) => block.split("\n"));

test("there is a body for every kind of mapping that is generated", () => {
  const kinds = BODIES.map(([id = ""]) => memberById(MODEL, id).mapping.kind);
  const all = ["aggregate", "call", "expression", "node", "opens", "sortKey"];
  assert.deepEqual([...new Set(kinds)].sort(), all);
});

for (const [id = "", head, last] of BODIES) {
  test(`${id} in TypeScript`, () => {
    const member = memberById(MODEL, id);
    const isMethod = !id.startsWith("Module.") && !id.startsWith("Functions.");
    assert.equal(signature(member), head);
    assert.equal(body(MODEL, member, isMethod).at(-1), last);
  });
}

/** A style unlike TypeScript's, to see that nothing leaks through. */
const STYLE: ExampleStyle = {
  language: "python",
  name: (name) => `<${name}>`,
  text: (value) => `'${value}'`,
  number: (value) => value,
  bool: (value) => (value ? "True" : "False"),
  nothing: () => "None",
  list: (items) => `[${items.join(", ")}]`,
  record: (entries) =>
    entries.map(({ key, text, field }) => `${field?.names.python ?? key}=${text}`).join(", "),
  call: (member, target, args) =>
    `${target ?? "px"}.${member.names.python}(${args.map(({ text }) => text).join(", ")})`,
  line: (name, _isAwaited, value) => (name === null ? value : `${name} = ${value}`),
};

const EXAMPLES: readonly (readonly [string, string])[] = [
  ["Module.readCsv", "df = px.read_csv('sales.csv', delimiter=';')"],
  ["FrameSteps.groupBy", "<df>.groupby('region').agg(total=px.sum('price'))"],
  ["FrameSteps.join", "<df>.join(<other>, on=['region'], how='left')"],
  ["Expr.isIn", "<df>.filter(px.col('region').isin(['north', 'south']))"],
];

for (const [id, expected] of EXAMPLES) {
  test(`the example of ${id} in another language`, () => {
    const lines = printExample(MODEL, STYLE, memberById(MODEL, id).docs.example);
    assert.deepEqual(lines, [expected]);
  });
}

test("the same model gives the same bytes", async () => {
  const emitters = await loadEmitters();
  const again = loadModel(readInputs());
  assert.deepEqual(emitAll(again, emitters), emitAll(MODEL, emitters));
});

test("the dispatch of TypeScript answers every step, function and aggregate", () => {
  const steps = MODEL.wire.unions["Node"]?.variants.map(({ name }) => name) ?? [];
  assert.deepEqual(
    steps.filter((name) => !stepCalls(MODEL, "ts").some(({ node }) => node === name)),
    ["frame"],
  );
  assert.equal(functionCalls(MODEL, "ts").length, MODEL.wire.functions.length);
  assert.equal(aggregateCalls(MODEL, "ts").length, MODEL.wire.aggregates.length);
});

test("a member that says the same in fewer operands is not the one dispatched", () => {
  const coalesce = functionCalls(MODEL, "ts").find((one) => one.function === "coalesce");
  assert.equal(coalesce?.method, null);
  assert.equal(coalesce?.free?.id, "Functions.coalesce");
});

test("a class that is absent from a language has no member in it", () => {
  const { members } = classOf(MODEL, "reader");
  assert.deepEqual(
    members.map(({ names }) => [names.ts, names.cobol]),
    [
      ["", "PDXOPEN"],
      ["", "PDXFTCH"],
    ],
  );
});

test("the line writer indents, keeps one gap, and ends with one line break", () => {
  const out = new Lines();
  out.open("a {").gap().line("b").gap().gap().line("c\nd").close("}").gap();
  assert.equal(out.text(), "a {\n  b\n\n  c\n  d\n}\n");
});

test("text is wrapped at blanks, and a long word stays whole", () => {
  assert.deepEqual(wrap("aa bb cccccccc d", 5), ["aa bb", "cccccccc", "d"]);
});
