// PARDOX.cpy and PDXOPS.cpy: upper case, fixed form, columns 8 to 72, comments in column 7.

import type { Model, NativeField, NativeStruct } from "../../model/model.js";
import { cobolData, COBOL_NAME_LENGTH_MAX } from "../../model/names.js";
import { refuse } from "../../problems.js";
import { type GeneratedFile, opening, SOURCES } from "../emitter.js";
import { wrap } from "../lines.js";
import { areasOf, callLines, handCallsOf, itemsOf, stepCallsOf } from "./calls.js";

const FOLDER = "bindings/cobol/copybooks";
const LAST_COLUMN = 72;
const CLAUSE_COLUMN = 37;
const COMMENT = "      * ";

/** Status 10 is COBOL's own: the end of rows, lines or columns, as FILE STATUS 10. */
export const STATUS_END = 10;

/** A comment, wrapped. */
export function comment(text: string): readonly string[] {
  return wrap(text.replaceAll("`", ""), LAST_COLUMN - COMMENT.length).map((line) =>
    `${COMMENT}${line}`.trimEnd(),
  );
}

/** A data item or a condition: `       01  PDX-FRAME        BINARY-DOUBLE VALUE 0.` */
export function item(level: string, depth: number, name: string, clause: string): string {
  if (name.length > COBOL_NAME_LENGTH_MAX) refuse(name, "has more than 30 characters");
  const start = `${" ".repeat(7 + depth * 4)}${level}  ${name}`;
  const line = clause === "" ? `${start}.` : `${start.padEnd(CLAUSE_COLUMN)} ${clause}.`;
  if (line.length > LAST_COLUMN) refuse(name, `its line ends at column ${line.length}`);
  return line;
}

function copybook(name: string, about: string, lines: readonly string[]): GeneratedFile {
  const text = [...opening(COMMENT, SOURCES.native, SOURCES.face), "      *", ...comment(about)];
  return { path: `${FOLDER}/${name}.cpy`, text: `${[...text, ...lines].join("\n")}\n` };
}

/** PARDOX.cpy: what every program needs. */
export function emitStatusCopybook(model: Model): GeneratedFile {
  const error = model.abi.structs.find(({ name }) => name === "pardox_error");
  if (error === undefined) refuse(SOURCES.native, "expected the struct pardox_error");
  return copybook(
    "PARDOX",
    "PARDOX: handles, the error record with its status, and types. COPY PARDOX. once in " +
      "WORKING-STORAGE; every CALL passes PDX-ERROR last.",
    [...handles(), ...errorRecord(model, error), ...dtypes(model)],
  );
}

function handles(): readonly string[] {
  const handle = (name: string): string => item("01", 0, name, "BINARY-DOUBLE VALUE 0");
  return [
    "      *",
    ...comment("Handles: 0 is none. PDXCLOS gives one back and sets it to 0."),
    ...["PDX-FRAME", "PDX-OTHER", "PDX-RESULT", "PDX-READER", "PDX-FEED"].map(handle),
  ];
}

function errorRecord(model: Model, error: NativeStruct): readonly string[] {
  const conditions = [
    item("88", 2, "PDX-OK", "VALUE 0"),
    item("88", 2, "PDX-END", `VALUE ${STATUS_END}`),
    ...model.face.errors.map(({ name, number }) =>
      item("88", 2, cobolData("err", name), `VALUE ${number}`),
    ),
  ];
  return [
    "      *",
    ...comment(
      "The error record: status, where it happened, and texts padded with blanks. " +
        "PDX-ERROR-MESSAGE is the whole sentence. Numbers are -1 where they are not known.",
    ),
    item("01", 0, "PDX-ERROR", ""),
    ...error.fields.flatMap((field) => [
      item("05", 1, fieldName(field), `${fieldClause(field)}`),
      ...(field.name === "status" ? conditions : []),
    ]),
  ];
}

const fieldName = ({ name }: NativeField): string =>
  name === "status" ? "PDX-STATUS" : cobolData("error", name);

function fieldClause({ name, type, length }: NativeField): string {
  if (length !== null) return `PIC X(${length}) VALUE SPACES`;
  switch (type.base) {
    case "int32":
    case "uint32":
      return "BINARY-LONG VALUE 0";
    case "int64":
      return "BINARY-DOUBLE VALUE -1";
    default:
      return refuse(name, `COBOL has no item for the C type ${type.base}`);
  }
}

function dtypes(model: Model): readonly string[] {
  const dtype = model.abi.enums.find(({ name }) => name === "pardox_dtype");
  if (dtype === undefined) refuse(SOURCES.native, "expected the enum pardox_dtype");
  return [
    "      *",
    ...comment("The type of a column, as PDXSCHM gives it."),
    item("01", 0, "PDX-DTYPE", "BINARY-LONG VALUE 0"),
    ...dtype.values.map(({ short, number }) =>
      item("88", 1, cobolData("is", short), `VALUE ${number}`),
    ),
  ];
}

/** PDXOPS.cpy: areas for all CALLs, and how each is written. */
export function emitOperationsCopybook(model: Model): GeneratedFile {
  return copybook(
    "PDXOPS",
    "PDXOPS: areas for the CALLs, and each CALL with its items. A program may pass items of its " +
      "own instead: a text and BY CONTENT LENGTH OF it.",
    [...callComments(model), ...textAreas(model), ...numberAreas(), ...tables(model)],
  );
}

function callComments(model: Model): readonly string[] {
  const all = [
    ...stepCallsOf(model).map((call) => ({ member: call.member, items: itemsOf(call) })),
    ...handCallsOf(model),
  ];
  return all.flatMap(({ member, items }) => [
    "      *",
    ...comment(`${member.names.cobol}: ${member.docs.summary}`),
    ...callLines(member.names.cobol, items, `${COMMENT}    `),
  ]);
}

function textAreas(model: Model): readonly string[] {
  const sizes = new Map<string, number>();
  for (const call of stepCallsOf(model)) {
    for (const { role, name, sizeBytes } of areasOf(call)) {
      if (role === "text") sizes.set(name, sizeBytes);
    }
  }
  const own: readonly (readonly [string, number])[] = [
    ["PDX-LAYOUT", 2048],
    ["PDX-NAME", 64],
    ["PDX-AREA", 32768],
    ["PDX-FOUND", 1024],
    ["PDX-DOUBT", 256],
  ];
  return [
    "      *",
    ...comment("Texts, padded with blanks, each with its length."),
    ...[...sizes, ...own].flatMap(([name, size]) => [
      item("01", 0, name, `PIC X(${size}) VALUE SPACES`),
      item("01", 0, `${name}-LENGTH`, `BINARY-LONG VALUE ${size}`),
    ]),
    item("01", 0, "PDX-TEXT-LENGTH", "BINARY-LONG VALUE 0"),
  ];
}

function numberAreas(): readonly string[] {
  const long = (name: string, value = 0): string =>
    item("01", 0, name, `BINARY-LONG VALUE ${value}`);
  const double = (name: string, value = 0): string =>
    item("01", 0, name, `BINARY-DOUBLE VALUE ${value}`);
  return [
    "      *",
    ...comment("Counts."),
    double("PDX-COUNT"),
    double("PDX-OFFSET"),
    double("PDX-ROWS"),
    double("PDX-BYTES"),
    double("PDX-ROW-COUNT"),
    double("PDX-COLUMN-COUNT"),
    item("01", 0, "PDX-CONFIDENCE", "COMP-2 VALUE 0"),
    double("PDX-NUMBER", 1),
    long("PDX-RECORD-LENGTH"),
    long("PDX-RECORD-COUNT", 1),
    long("PDX-FETCHED"),
    long("PDX-PRECISION"),
    long("PDX-SCALE"),
  ];
}

function tables(model: Model): readonly string[] {
  // A dictionary is given as utf8.
  const others = model.wire.dtypes.filter((one) => one !== "utf8" && one !== "dictionary");
  const types = ["utf8", ...others, "null"];
  return [
    "      *",
    ...comment(
      `Values of :name in texts. PDX-PARAM-TYPE is ${types.join(", ")}; numbers and dates are ` +
        "text; a length of 0 leaves trailing blanks out.",
    ),
    item("01", 0, "PDX-PARAMS", ""),
    item("05", 1, "PDX-PARAM-COUNT", "BINARY-LONG VALUE 0"),
    item("05", 1, "FILLER", "BINARY-LONG VALUE 0"),
    item("05", 1, "PDX-PARAM", "OCCURS 32 TIMES"),
    item("10", 2, "PDX-PARAM-NAME", "PIC X(32) VALUE SPACES"),
    item("10", 2, "PDX-PARAM-TYPE", "PIC X(12) VALUE SPACES"),
    item("10", 2, "PDX-PARAM-LENGTH", "BINARY-LONG VALUE 0"),
    item("10", 2, "PDX-PARAM-VALUE", "PIC X(256) VALUE SPACES"),
    "      *",
    ...comment("The tables that a statement of PDXSQL names."),
    item("01", 0, "PDX-TABLES", ""),
    item("05", 1, "PDX-TABLE-COUNT", "BINARY-LONG VALUE 0"),
    item("05", 1, "FILLER", "BINARY-LONG VALUE 0"),
    item("05", 1, "PDX-TABLE", "OCCURS 8 TIMES"),
    item("10", 2, "PDX-TABLE-FRAME", "BINARY-DOUBLE VALUE 0"),
    item("10", 2, "PDX-TABLE-NAME", "PIC X(64) VALUE SPACES"),
  ];
}
