// How PHP spells the kinds of the model: hints, literals, doc comments, files.

import { fieldsIn, parametersIn, recordByName } from "../../model/find.js";
import type { Field, Json, Member, Model, Parameter, RecordType, Type } from "../../model/model.js";
import { upperCamel } from "../../model/names.js";
import { type GeneratedFile, opening } from "../emitter.js";
import { wrap } from "../lines.js";

const VALUE = "string|int|float|bool|array|\\DateTimeInterface|null";

/** What stands in a signature, and what a doc comment adds where that says too little. */
const SPELLINGS: Readonly<Record<Type["kind"], readonly [hint: string, doc: string]>> = {
  column: ["string", ""],
  columns: ["array", "list<string>"],
  name: ["string", ""],
  path: ["string", ""],
  source: ["string|array", "string|list<string>"],
  stream: ["mixed", "resource|string|iterable<string>"],
  text: ["string", ""],
  texts: ["array", "list<string>"],
  bool: ["bool", ""],
  int: ["int", ""],
  enum: ["", ""],
  record: ["", ""],
  value: [VALUE, ""],
  expression: ["Expr|string", ""],
  operand: [`Expr|${VALUE}`, ""],
  operands: ["array", `list<Expr|${VALUE}>`],
  selector: ["Expr|string", ""],
  items: ["Expr|string|array", "Expr|string|array<int|string, Expr|string>"],
  sortKeys: ["SortKey|Expr|string|array", "SortKey|Expr|string|list<SortKey|Expr|string>"],
  joinKeys: ["string|array", "string|array<int|string, string>"],
  renamings: ["array", "array<string, string>"],
  columnTypes: ["array", "array<string, DataType|string>"],
  columnValues: ["array", `array<string, list<${VALUE}>>`],
  frame: ["DataFrame|LazyFrame", ""],
  tables: ["array", "array<string, DataFrame|LazyFrame>"],
  params: ["array", `array<string, ${VALUE}>`],
  bytes: ["string", ""],
  host: ["callable", "(callable(Progress): mixed)"],
  step: ["static", ""],
  float: ["float", ""],
  options: ["array", "array<string, mixed>"],
  view: ["\\FFI\\CData", ""],
  rows: ["array", `list<array<string, ${VALUE}>>`],
  valueList: ["array", `list<${VALUE}>`],
  class: ["", ""],
  void: ["void", ""],
};

/** The hint of a type, as it stands in a signature. */
export function hint(type: Type): string {
  if (type.isList || type.name === "Shape") return nullable("array", type);
  if (type.kind === "enum") return nullable(`${type.name}|string`, type);
  return nullable(type.name ?? SPELLINGS[type.kind][0], type);
}

/** The type as a doc comment says it, in full. */
export function docType(type: Type): string {
  if (type.name === "Shape") return "array{int, int}";
  if (type.isList) return `list<${type.name ?? SPELLINGS[type.kind][0]}>`;
  const doc = SPELLINGS[type.kind][1];
  return doc === "" ? hint(type) : nullable(doc, type);
}

function nullable(text: string, type: Type): string {
  if (!type.isNullable || text.endsWith("|null")) return text;
  return /[|(]/.test(text) ? `${text}|null` : `?${text}`;
}

/** One argument of a PHP signature: a record is taken apart, its fields are named arguments. */
export interface Argument {
  readonly name: string;
  readonly hint: string;
  readonly docType: string;
  readonly doc: string;
  /** As PHP text; null where it must be given. */
  readonly default: string | null;
  readonly isVariadic: boolean;
}

/** The arguments of a member: its parameters, then the fields of its records. */
export function argumentsOf(model: Model, member: Member): readonly Argument[] {
  return parametersIn(member, "php").flatMap((parameter): readonly Argument[] => {
    if (parameter.type.kind !== "record") return [plainArgument(parameter)];
    const isSent = parameter.place.at === "field";
    return fieldsOf(model, parameter).map((field) => fieldArgument(field, isSent));
  });
}

/**
 * The fields of a record that stand as named arguments. What runs a source at once has no use for
 * values of parameters: nothing in it could name them.
 */
export function fieldsOf(model: Model, parameter: Parameter): readonly Field[] {
  const record = recordByName(model, parameter.type.name);
  const all = fieldsIn(record, "php");
  return parameter.place.at === "run" ? all.filter(({ place }) => place !== "beside") : all;
}

function plainArgument(parameter: Parameter): Argument {
  const { type, isVariadic } = parameter;
  const isOpen = parameter.isOptional && parameter.default === undefined;
  const none = type.kind === "params" ? "[]" : "null";
  return {
    name: parameter.names.php,
    hint:
      isOpen && none === "null" ? nullable(hint(type), { ...type, isNullable: true }) : hint(type),
    docType: docType(type),
    doc: parameter.doc,
    default:
      !parameter.isOptional || isVariadic ? null : isOpen ? none : literal(parameter.default),
    isVariadic,
  };
}

/** A field that goes to the engine only where it is given has a default of its own. */
function fieldArgument(field: Field, isSent: boolean): Argument {
  const { type } = field;
  const plain = field.default === undefined ? null : defaultOf(type, field.default);
  const open = (text: string): string => `Option|${text.replace(/^\?(.*)$/, "$1|null")}`;
  return {
    name: field.names.php,
    hint: isSent ? open(hint(type)) : hint(type),
    docType: isSent ? open(docType(type)) : docType(type),
    doc: isSent ? `${field.doc} Default: \`${plain}\`.` : field.doc,
    default: isSent ? "Option::Default" : plain,
    isVariadic: false,
  };
}

/** A default: enums by their case, `{}` as the empty array. */
export const defaultOf = (type: Type, value: Json): string =>
  type.kind === "enum" && typeof value === "string"
    ? `${type.name}::${upperCamel(value)}`
    : literal(value);

/** `string $path, string $delimiter = ','`. */
export function signatureList(model: Model, member: Member): readonly string[] {
  return argumentsOf(model, member).map((one) => {
    const value = one.default === null ? "" : ` = ${one.default}`;
    return `${one.hint} ${one.isVariadic ? "..." : ""}$${one.name}${value}`;
  });
}

export function literal(value: Json | undefined): string {
  if (value === undefined) return "";
  if (value === null || typeof value === "boolean" || typeof value === "number") {
    return String(value);
  }
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map((one: Json) => literal(one)).join(", ")}]`;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return `[${entries.map(([key, one]) => `${quote(key)} => ${literal(one)}`).join(", ")}]`;
}

/** A text in single quotes; one with a line break in double quotes. */
export function quote(text: string): string {
  if (/[\n\r\t\0]/.test(text)) return JSON.stringify(text).replaceAll("$", "\\$");
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** A doc comment: paragraphs, then tags, each on lines of their own. */
export function docComment(
  paragraphs: readonly (string | null)[],
  tags: readonly string[] = [],
): readonly string[] {
  const texts = paragraphs.filter((text): text is string => text !== null && text !== "");
  const lines = texts.flatMap((text, i) => [...(i > 0 ? [""] : []), ...wrap(text, 90)]);
  if (tags.length > 0) lines.push("", ...tags.flatMap((tag) => indented(wrap(tag, 90))));
  if (lines.length === 1) return [`/** ${lines[0]} */`];
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"];
}

/** The later lines of a tag stand below its words. */
const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => (i === 0 ? line : `    ${line}`));

/** A PHP file of a namespace, with those of `uses` that its text mentions. */
export function phpFile(
  path: string,
  namespace: string,
  uses: readonly string[],
  sources: readonly string[],
  lines: readonly string[],
): GeneratedFile {
  const text = tidy(lines.join("\n"));
  const code = text.replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");
  const used = uses.filter((name) => {
    const short = name.split("\\").at(-1) ?? "";
    return new RegExp(`(?<![\\w\\\\$>:'])${short}\\b(?!\\()`).test(code);
  });
  const imports = [...used].sort().map((name) => `use ${name};`);
  const head = ["<?php", "", ...opening("// ", ...sources), "", "declare(strict_types=1);", ""];
  head.push(`namespace ${namespace};`, "");
  if (imports.length > 0) head.push(...imports, "");
  return { path, text: `${[...head, text.trim()].join("\n")}\n` };
}

/** No blank line behind one that opens a block, none before one that closes it, no two in a row. */
function tidy(text: string): string {
  const out: string[] = [];
  for (const line of text.split("\n").map((one) => one.trimEnd())) {
    const last = out.at(-1);
    if (line === "" && (last === "" || /[{([]$/.test(last ?? ""))) continue;
    if (/^ *[})\]]/.test(line) && last === "") out.pop();
    out.push(line);
  }
  return out.join("\n");
}

/** What generated files may speak of. */
export function importable(model: Model): readonly string[] {
  const names = [
    ...["CaseExpr", "Column", "DataFrame", "Expr", "GroupBy", "LazyFrame", "Option", "SortKey"],
    ...model.face.enums.map(({ name }) => name),
    ...resultRecords(model).map(({ name }) => name),
  ];
  return [
    ...names.map((name) => `Pardox\\${name}`),
    "Pardox\\Exception\\PardoxException",
    "Pardox\\Internal\\Library",
    "Pardox\\Internal\\Wire",
  ];
}

/** The records that a user reads; a frame's shape is a pair. */
export const resultRecords = (model: Model): readonly RecordType[] =>
  model.face.records.filter(({ use, name }) => use === "result" && name !== "Shape");
