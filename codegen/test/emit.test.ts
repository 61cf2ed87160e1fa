// What is emitted: one member for each construct with its TypeScript body, an example in another
// language, determinism, and that the dispatch answers the whole plan.

import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregateCalls, functionCalls, stepCalls } from "../src/emit/dispatch.js";
import { emitAll, loadEmitters } from "../src/emit/emitter.js";
import { type ExampleStyle, printExample } from "../src/emit/example.js";
import { Lines, wrap } from "../src/emit/lines.js";
import { body, signature } from "../src/emit/ts/members.js";
import { loadModel, readInputs } from "../src/load.js";
import { classOf, memberById } from "../src/model/find.js";

const MODEL = loadModel(readInputs());

/** Member, its signature, the last line of its body. */
const BODIES: readonly (readonly [string, string, string])[] = [
  [
    "FrameSteps.filter",
    "filter(predicate: Expression, params?: Params): LazyFrame",
    "return this.step({ filter: { input: this[WIRE], predicate: wire.expression(predicate) } }, params);",
  ],
  [
    "FrameSteps.head",
    "head(count: number = 5): LazyFrame",
    'return this.step({ limit: { count: wire.whole(count, "count"), input: this[WIRE] } });',
  ],
  [
    "FrameSteps.agg",
    "agg(...aggregates: readonly Item[]): LazyFrame",
    "return this.step({ aggregate: { aggregates: wire.items(aggregates), input: this[WIRE], keys: [] } });",
  ],
  [
    "GroupBy.agg",
    "agg(...aggregates: readonly Item[]): LazyFrame",
    "return this.step({ aggregate: { aggregates: wire.items(aggregates), input: this[WIRE], keys: this.keys } });",
  ],
  [
    "FrameSteps.groupBy",
    "groupBy(...keys: readonly Item[]): GroupBy",
    "return this.group(wire.items(keys));",
  ],
  [
    "FrameSteps.join",
    "join(other: FrameSteps, options: JoinOptions): LazyFrame",
    'return this.step({ join: { how: options.how ?? "inner", left: this[WIRE], on: wire.joinKeys(options.on), right: wire.frame(other), suffix: wire.text(options.suffix ?? "_right", "suffix") } }, undefined, [other]);',
  ],
  [
    "FrameSteps.sort",
    "sort(by: SortKeys, options?: SortOptions): LazyFrame",
    "return this.step({ sort: { by: wire.sortKeys(by, options), input: this[WIRE] } });",
  ],
  [
    "FrameSteps.union",
    "union(...others: readonly FrameSteps[]): LazyFrame",
    "return this.step({ union: { inputs: [this[WIRE], ...others.map((one) => wire.frame(one))] } }, undefined, [...others]);",
  ],
  [
    "FrameSteps.toPrdx",
    "toPrdx(path: string): Promise<WriteReport>",
    'return this.write({ write_prdx: { input: this[WIRE], path: wire.text(path, "path") } });',
  ],
  [
    "Module.readCsv",
    "readCsv(path: string, options?: CsvReadOptions, collect?: CollectOptions): Promise<DataFrame>",
    'return run({ scan_csv: { options: wire.options("CsvReadOptions", options, CsvReadOptionsFields), path: wire.text(path, "path") } }, collect);',
  ],
  [
    "Module.sql",
    "sql(query: string, options?: SqlOptions): LazyFrame",
    'return lazy({ sql: { query: wire.text(query, "query"), tables: wire.tables(options?.tables ?? {}) } }, options?.params, [...Object.values(options?.tables ?? {})]);',
  ],
  [
    "Expr.gt",
    "gt(other: Operand): Expr",
    'return this.make({ call: { function: "gt", args: [this[WIRE], wire.operand(other)] } });',
  ],
  [
    "Expr.isIn",
    "isIn(values: readonly Operand[]): Expr",
    'return this.make({ call: { function: "is_in", args: [this[WIRE], ...wire.operands(values)] } });',
  ],
  [
    "Expr.round",
    "round(digits: number = 0): Expr",
    'return this.make({ call: { function: "round", args: [this[WIRE], { lit: { int64: String(wire.whole(digits, "digits")) } }] } });',
  ],
  [
    "Expr.cast",
    "cast(dtype: DataType): Expr",
    "return this.make({ cast: { input: this[WIRE], to: dtype } });",
  ],
  ["Expr.sum", "sum(): Expr", 'return this.make({ agg: { function: "sum", input: this[WIRE] } });'],
  [
    "Expr.desc",
    "desc(options?: KeyOptions): SortKey",
    "return { ...options, expr: this.self(), descending: true };",
  ],
  [
    "Functions.count",
    "count(input: Selector | null = null): Expr",
    'return new Expr({ agg: { function: "count", input: input === null ? null : wire.selector(input) } });',
  ],
  [
    "Functions.coalesce",
    "coalesce(...operands: readonly Selector[]): Expr",
    'return new Expr({ call: { function: "coalesce", args: [...operands.map((one) => wire.selector(one))] } });',
  ],
];

for (const [id, head, last] of BODIES) {
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
