// How TypeScript spells the kinds of the model.

import type { Json, Type } from "../../model/model.js";
import { wrap } from "../lines.js";

/** Types that operations.gen.ts declares once, by the kind that they spell. */
export const ALIASES: readonly (readonly [name: string, text: string, doc: string])[] = [
  [
    "Value",
    "string | number | bigint | boolean | Date | null | readonly Value[] | " +
      "{ readonly [field: string]: Value }",
    "A value of a column: lists are arrays, structs objects.",
  ],
  ["Expression", "ExprLike | string", "An expression; bare text is the second door, `price > 10`."],
  ["Operand", "ExprLike | Value", "An expression; a bare value stands for itself."],
  ["Selector", "ExprLike | string", "An expression; bare text is a column's name."],
  [
    "Item",
    "string | ExprLike | { readonly [name: string]: Expression }",
    "A column of a result: a name, an expression with a name, or names with their expressions.",
  ],
  [
    "SortKeys",
    "Selector | SortKey | readonly (Selector | SortKey)[]",
    "What to order by: columns, expressions, or keys with their direction.",
  ],
  [
    "JoinKeys",
    "string | readonly (string | JoinKey)[]",
    "Columns that must be equal: one name, or names and pairs of names.",
  ],
  ["Renamings", "{ readonly [from: string]: string }", "New names by old name."],
  ["ColumnTypes", "{ readonly [column: string]: DataType }", "Types by column name."],
  [
    "ColumnValues",
    "{ readonly [column: string]: readonly Value[] | Iterable<number | bigint> }",
    "Values of columns by column name.",
  ],
  ["Params", "{ readonly [name: string]: Value }", "Values of parameters by name."],
  ["Tables", "{ readonly [name: string]: FrameSteps }", "Frames by name."],
  [
    "View",
    "Float64Array | Float32Array | BigInt64Array | BigUint64Array | Int32Array | Int16Array | " +
      "Int8Array | Uint32Array | Uint16Array | Uint8Array",
    "Values in place; not to be written.",
  ],
  [
    "ByteStream",
    "ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Iterable<Uint8Array>",
    "Bytes that come piece by piece: a Readable of Node, a web stream, a generator.",
  ],
  [
    "CsvSource",
    "string | readonly string[] | Uint8Array | ByteStream",
    "Where CSV text comes from: paths or patterns of files, bytes, or a stream of them.",
  ],
  ["ProgressListener", "(progress: Progress) => void", "Is told how far work has come."],
];

const SPELLINGS: Readonly<Record<Type["kind"], string>> = {
  column: "string",
  columns: "readonly string[]",
  name: "string",
  path: "string",
  source: "CsvSource",
  stream: "ByteStream",
  text: "string",
  texts: "readonly string[]",
  bool: "boolean",
  int: "number",
  enum: "",
  record: "",
  value: "Value",
  expression: "Expression",
  operand: "Operand",
  operands: "readonly Operand[]",
  selector: "Selector",
  items: "Item",
  sortKeys: "SortKeys",
  joinKeys: "JoinKeys",
  renamings: "Renamings",
  columnTypes: "ColumnTypes",
  columnValues: "ColumnValues",
  frame: "FrameSteps",
  tables: "Tables",
  params: "Params",
  bytes: "Uint8Array",
  host: "AbortSignal",
  step: "LazyFrame",
  float: "number",
  options: "CsvReadOptions",
  view: "View",
  rows: "readonly { readonly [column: string]: Value }[]",
  valueList: "readonly Value[]",
  class: "",
  void: "void",
};

/** A type as a user reads it. `shape` is the pair that the face promises, not a record. */
export function typeName(type: Type): string {
  let text = type.name ?? SPELLINGS[type.kind];
  if (type.name === "Shape") text = "readonly [rows: number, columns: number]";
  if (type.isList) text = `readonly ${text}[]`;
  return type.isNullable ? `${text} | null` : text;
}

/** A parameter's type in a signature. */
export function parameterType(type: Type, isVariadic: boolean): string {
  const text = typeName(type);
  if (!isVariadic) return text;
  return text.includes(" ") ? `readonly (${text})[]` : `readonly ${text}[]`;
}

export const literal = (value: Json | undefined): string =>
  value === undefined ? "" : JSON.stringify(value);

export const quote = (text: string): string => JSON.stringify(text);

/** A doc comment: lines with labels, as STYLE wants them. */
export function docComment(...paragraphs: readonly (string | null)[]): readonly string[] {
  const texts = paragraphs.filter((text): text is string => text !== null && text !== "");
  const lines = texts.flatMap((text, i) => [...(i > 0 ? [""] : []), ...wrapText(text)]);
  if (lines.length === 1) return [`/** ${lines[0]} */`];
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"];
}

/** An example keeps its lines. */
const wrapText = (text: string): readonly string[] =>
  text.split("\n").flatMap((line) => (line.startsWith("@example") ? [line] : wrap(line, 94)));
