// Every refusal of generation, by a small change to the repository's own inputs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Inputs, loadModel, readInputs } from "../src/load.js";
import { Refusal } from "../src/problems.js";

const INPUTS = readInputs();

type Change = readonly [find: string | RegExp, replace: string];

/** The inputs with one text changed; the change must change something. */
function changed(file: string, [find, replace]: Change): Inputs {
  const isOwn = file === "header" || file === "schema" || file === "functions";
  const text = isOwn ? INPUTS[file] : (INPUTS.api[file] ?? "");
  const next = text.replace(find, replace);
  assert.notEqual(next, text, `${String(find)} is not in ${file}`);
  if (isOwn) return { ...INPUTS, [file]: next };
  return { ...INPUTS, api: { ...INPUTS.api, [file]: next } };
}

function check(name: string, file: string, change: Change, ...messages: readonly string[]): void {
  test(name, () => {
    assert.throws(
      () => loadModel(changed(file, change)),
      (error) => {
        assert.ok(error instanceof Refusal, String(error));
        for (const message of messages) assert.match(error.message, new RegExp(escape(message)));
        return true;
      },
    );
  });
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

test("the repository's own inputs are whole", () => {
  assert.ok(loadModel(INPUTS).abi.functions.length > 0);
});

// Documentation.
check(
  "a member without a summary is refused",
  "frame.api.ts",
  ["   * Keeps the last rows.\n   *\n", ""],
  "FrameSteps.tail: has no summary",
);
check(
  "a member without an example is refused",
  "frame.api.ts",
  ["   * @example df.tail(3);\n", ""],
  "FrameSteps.tail: has no @example",
);
check(
  "a member that is silent on errors is refused",
  "frame.api.ts",
  [/   \* @errors none\n(   \* @example df\.tail)/, "$1"],
  "FrameSteps.tail: has no @errors",
);
check(
  "a step that is silent on nulls is refused",
  "frame.api.ts",
  [/   \* @nulls Kept\.\n(   \* @errors none\n   \* @example df\.tail)/, "$1"],
  "FrameSteps.tail: has no @nulls",
);
check(
  "a parameter without words is refused",
  "frame.api.ts",
  ["   * @param path - The file.\n   * @nulls Kept.", "   * @nulls Kept."],
  "(path): has no @param",
);
check(
  "an option without words is refused",
  "options.api.ts",
  ["/** What stands for null. @default", "/** @default"],
  "CsvWriteOptions.nullValue: has no doc comment",
);
check(
  "an enum value without words is refused",
  "types.api.ts",
  ["  /** Pairs of matching rows. */\n", ""],
  "JoinHow.inner: has no doc comment",
);
check(
  "an error kind that is not one is refused",
  "frame.api.ts",
  ["@errors none", "@errors never"],
  "@errors names never, which is no error kind",
);
check(
  "an example of what is not described is refused",
  "frame.api.ts",
  ["@example df.tail(3);", "@example df.tails(3);"],
  "df.tails, which is not described",
);
check(
  "a misspelt tag is refused",
  "frame.api.ts",
  ["@nulls Kept.", "@nuls Kept."],
  "unknown tag @nuls",
);
check(
  "a tag for no parameter is refused",
  "frame.api.ts",
  ["@default count 5", "@default cuont 5"],
  "speaks of the parameter cuont",
);

// Names.
check(
  "a reserved word of a language is refused",
  "expr.api.ts",
  ["   * @name python and_\n", ""],
  "Expr.and: and is a reserved word in python",
);
check(
  "a reserved parameter is refused",
  "expr.api.ts",
  [/@param low - The lower bound\.([^]*?)between\(low:/, "@param range - It.$1between(range:"],
  "range is a reserved word in go",
);
// Functions of the engine.
check(
  "a function that no comment can speak of is refused",
  "functions",
  ["The number of characters", "The number */ of characters"],
  "length: a text may not hold */",
);
check(
  "a default that languages cannot say is refused",
  "functions",
  ['"default": "0"', '"default": "date"'],
  "round(digits): the default date is not a value that every language can say",
);
check(
  "a method whose name is taken is refused",
  "functions",
  ['"name": "upper"', '"name": "alias"'],
  "Expr.alias: is named alias in ts, as Expr.alias is",
);
check(
  "errors that the engine does not declare are refused",
  "expr.api.ts",
  ["   * @errors overflow, type_mismatch\n", "   * @errors type_mismatch\n"],
  "Expr.add: @errors says type_mismatch; functions.json says type_mismatch, overflow",
);
check(
  "two members of one name are refused",
  "expr.api.ts",
  ["@name python fillna", "@name python isnull"],
  "is named isnull in python, as Expr.isNull is",
);
check(
  "a CALL name of nine characters is refused",
  "frame.api.ts",
  ["@name cobol PDXTAIL", "@name cobol PDXTAILED"],
  "needs @name cobol with at most 8 upper-case letters and digits",
);
check(
  "a CALL name in lower case is refused",
  "frame.api.ts",
  ["@name cobol PDXTAIL", "@name cobol pdxtail"],
  'found "pdxtail"',
);
check(
  "a member without a CALL name is refused",
  "frame.api.ts",
  ["   * @name cobol PDXTAIL\n", ""],
  "FrameSteps.tail: needs @name cobol",
);
check(
  "a CALL name used twice is refused",
  "frame.api.ts",
  ["@name cobol PDXTAIL", "@name cobol PDXHEAD"],
  'is CALL "PDXHEAD" in COBOL',
);
check(
  "a COBOL data name over 30 characters is refused",
  "options.api.ts",
  ["readonly nullValue?", "readonly nullValueThatStandsForNothing?"],
  "PDX-NULL-VALUE-THAT-STANDS-FOR-NOTHING has 38 of 30 characters",
);

// Defaults.
check(
  "a default that is no JSON value is refused",
  "frame.api.ts",
  ["@default count 5", "@default count Infinity"],
  "is not a JSON value",
);
check(
  "a default that a language cannot express is refused",
  "frame.api.ts",
  ["@default count 5", "@default count 5.5"],
  "the default 5.5 is not one that every language can express for int",
);
check(
  "null where null may not stand is refused",
  "frame.api.ts",
  ["@default count 5", "@default count null"],
  "the default null is not one",
);
check(
  "a parameter that may be left out without a default is refused",
  "frame.api.ts",
  ["   * @default count 5\n", ""],
  "may be left out but has no @default",
);
check(
  "a default other than the engine's is refused",
  "options.api.ts",
  ['@default "," */', '@default ";" */'],
  'says the default ";", the plan\'s CsvReadSpec ","',
);

// The plan's schema and the description.
check(
  "a step that the plan does not have is refused",
  "frame.api.ts",
  ["@node tail", "@node last"],
  "the plan has no step last",
);
check(
  "a step without a member is refused",
  "schema",
  [/"tail": \{/, '"last_rows": {'],
  "the plan has no step tail",
);
check(
  "a new step without a member is refused",
  "schema",
  [
    /("oneOf": \[)(\s*\{\s*"description": "A table handed in)/,
    '$1 {"type":"object","properties":{"pivot":{"$ref":"#/$defs/TailNode"}}},$2',
  ],
  "step pivot: has no member and no reason",
);
check(
  "a field without a parameter is refused",
  "schema",
  [/("TailNode": \{[^}]*?"properties": \{)/, '$1 "seed": {"type":"integer","default":0},'],
  "FrameSteps.tail: offers no way to set the field seed",
);
check(
  "a parameter of another type than the field is refused",
  "schema",
  [/("TailNode": \{[^]*?"count": \{[^]*?"type": )"integer"/, '$1"string"'],
  "becomes integer, but the plan's TailNode.count is string",
);
check(
  "null where the plan has none is refused",
  "frame.api.ts",
  ["tail(count?: Count)", "tail(count?: Count | null)"],
  "may be null, but the plan's TailNode.count may not",
);
check(
  "a function without a member is refused",
  "schema",
  ['"starts_with"', '"begins_with"'],
  "function begins_with: has no member",
  "function starts_with: has a member, but the plan does not have it",
);
check(
  "an aggregate without a member is refused",
  "schema",
  ['"median"', '"mode"'],
  "aggregate mode: has no member",
  "aggregate median: has a member",
);
check(
  "a form of expression without a member is refused",
  "functions.api.ts",
  ["@expression param", "@expression col"],
  "expression param: has no member",
);
check(
  "an option without a member is refused",
  "options.api.ts",
  [/  \/\*\* What stands for null\.[^;]*;\n/, ""],
  "CsvWriteSpec.null_value: has no option",
);
check(
  "an option that the plan does not have is refused",
  "options.api.ts",
  ["readonly nullValue?", "readonly nothing?"],
  "the plan's CsvWriteSpec has no field nothing",
);
check(
  "an enum value that the plan does not have is refused",
  "types.api.ts",
  ['| "anti";', '| "anti"\n  /** All rows. */\n  | "full";'],
  "JoinHow: lists inner, left, semi, anti, full",
);
check(
  "a second member for a step needs a primary one",
  "frame.api.ts",
  ["   * @node limit\n   * @primary\n", "   * @node limit\n"],
  "step limit: of FrameSteps.limit, FrameSteps.head exactly one must be @primary",
);
check(
  "an unknown construct of the schema is refused",
  "schema",
  ['"type": "boolean"', '"type": "number"'],
  "unknown construct",
);

// The C interface.
check(
  "a function without a member is refused",
  "header",
  ["pardox_live", "pardox_alive"],
  "pardox_alive: has no member and no reason",
  "pardox_live: is listed as internal, yet pardox.h does not declare it",
);
check(
  "a member on a function that is gone is refused",
  "header",
  ["int32_t pardox_frame_shape", "int32_t pardox_frame_size"],
  "DataFrame.shape: stands on pardox_frame_shape, which pardox.h does not declare",
);
check(
  "a function that is internal and mapped is refused",
  "column.api.ts",
  ["@native pardox_column_info", "@native pardox_live"],
  "pardox_live: is listed as internal, yet",
);
check(
  "an error kind of another number is refused",
  "errors.api.ts",
  ["Busy = 4", "Busy = 104"],
  "pardox_status busy = 4: is no ErrorKind",
  "ErrorKind busy = 104: is no pardox_status",
);
check(
  "a type without a number is refused",
  "header",
  ["PARDOX_DTYPE_DATE", "PARDOX_DTYPE_DAY"],
  "DataType date: has no number",
  "pardox_dtype day: is no DataType",
);
check(
  "a type outside the description's words is refused",
  "frame.api.ts",
  ["tail(count?: Count)", "tail(count?: bigint)"],
  "type bigint is not one of the description's own",
);
