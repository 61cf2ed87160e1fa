// The suite leaves nothing out: every step, function, aggregate, option and kind of error that the
// plan's schema and the header know is in some case.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";

const HERE = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const INCLUDE = join(dirname(HERE), "abi", "include");

/** Kinds that no plan alone can cause: misuse of the API, and what depends on the machine. */
const KINDS_OF_OTHER_PACKS = [
  ...["invalid_argument", "invalid_handle", "released_handle", "busy", "cancelled", "forked"],
  ...["shut_down", "internal", "permission_denied", "disk_full", "file_changed", "io"],
  ...["limit_exceeded"],
];

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Definitions = Readonly<Record<string, Definition>>;
interface Definition {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
  readonly oneOf?: readonly {
    readonly const?: string;
    readonly properties?: Readonly<Record<string, unknown>>;
  }[];
}

const SCHEMA = JSON.parse(readFileSync(join(INCLUDE, "plan.schema.json"), "utf8")) as {
  readonly $defs: Definitions;
};
const CASES = filesNamed("case.json").map((path) => JSON.parse(readFileSync(path, "utf8")) as Json);

function filesNamed(name: string): readonly string[] {
  const root = join(HERE, "cases");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(`/${name}`))
    .map((path) => join(root, path));
}

/** Every `name` with its value, at any depth of any case. */
function valuesOf(name: string): readonly Json[] {
  const found: Json[] = [];
  const visit = (part: Json): void => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, value] of Object.entries(part) as [string, Json][]) {
      if (key === name) found.push(value);
      visit(value);
    }
  };
  CASES.forEach(visit);
  return found;
}

/** Holds that each of `names` is among `found`. */
function check(names: readonly string[], found: readonly Json[]): void {
  assert.ok(names.length > 0);
  const missing = names.filter((name) => !found.includes(name));
  assert.deepEqual(missing, []);
}

/** The names of a definition's variants: `{"filter": ..}` or `"first"`. */
function variants(definition: string): readonly string[] {
  const choices = SCHEMA.$defs[definition]?.oneOf ?? [];
  return choices.map((choice) => choice.const ?? Object.keys(choice.properties ?? {})[0] ?? "");
}

function keysOf(values: readonly Json[]): readonly string[] {
  return values.flatMap((value) => (typeof value === "object" && value ? Object.keys(value) : []));
}

test("every_question_with_a_table_for_an_answer_follows_the_plans_schema", () => {
  const follows = new Ajv2020({ strict: false }).compile(SCHEMA);
  const wrong = filesNamed("expected.json").filter((path) => {
    const one = JSON.parse(readFileSync(join(dirname(path), "case.json"), "utf8")) as {
      readonly plan: Json;
      readonly before?: readonly Json[];
      readonly frames?: readonly Json[];
    };
    return ![one.plan, ...(one.before ?? []), ...(one.frames ?? [])].every((part) => follows(part));
  });
  assert.deepEqual(wrong, []);
});

test("every_step_is_in_a_case", () => {
  const inputs = ["plan", "input", "left", "right"].flatMap(valuesOf);
  check(variants("Node"), keysOf([...inputs, ...valuesOf("inputs").flat()]));
});

test("every_expression_is_in_a_case", () => {
  const names = variants("Expression").filter((name) => name !== "");
  const parts = ["expr", "predicate", "when", "then", "otherwise", "input"].flatMap(valuesOf);
  check(names, keysOf([...parts, ...valuesOf("args").flat()]));
});

test("every_function_and_aggregate_is_in_a_case", () => {
  const names = ["CallExpression", "AggregateExpression"].map(
    (definition) => SCHEMA.$defs[definition]?.properties?.["function"]?.enum ?? [],
  );
  for (const list of names) check(list, valuesOf("function"));
});

test("every_option_is_in_a_case", () => {
  for (const definition of ["CsvReadSpec", "CsvWriteSpec"]) {
    const names = Object.keys(SCHEMA.$defs[definition]?.properties ?? {});
    check(names, keysOf(valuesOf("options")));
  }
  check(variants("JoinHow"), valuesOf("how"));
  check(["first"], valuesOf("nulls"));
  check(["date", "int64", "float64", "utf8"], keysOf(valuesOf("lit")));
});

test("every_kind_of_error_is_in_a_case", () => {
  const header = readFileSync(join(INCLUDE, "pardox.h"), "utf8");
  const kinds = [...header.matchAll(/PARDOX_STATUS_(\w+) = \d+/g)]
    .map((match) => (match[1] ?? "").toLowerCase())
    .filter((kind) => kind !== "ok" && !KINDS_OF_OTHER_PACKS.includes(kind));
  const found = filesNamed("error.json").map(
    (path) => (JSON.parse(readFileSync(path, "utf8")) as { readonly kind: string }).kind,
  );
  check(kinds, found);
});
