// How Python spells the kinds of the model.

import { fieldsIn, parametersIn, recordByName } from "../../model/find.js";
import type { Field, Json, Member, Model, Parameter, Type } from "../../model/model.js";
import { upperSnake } from "../../model/names.js";
import { wrap } from "../lines.js";

/** Aliases that _wire.py declares by hand, and plain types, by kind. */
const SPELLINGS: Readonly<Record<Type["kind"], string>> = {
  column: "str",
  columns: "Sequence[str]",
  name: "str",
  path: "Path",
  source: "Source",
  stream: "Iterable[bytes]",
  text: "str",
  texts: "Sequence[str]",
  bool: "bool",
  int: "int",
  enum: "",
  record: "",
  value: "Value",
  expression: "Expression",
  operand: "Operand",
  operands: "Sequence[Operand]",
  selector: "Selector",
  items: "Item",
  sortKeys: "SortKeys",
  joinKeys: "JoinKeys",
  renamings: "Mapping[str, str]",
  columnTypes: "Mapping[str, DataType]",
  columnValues: "Mapping[str, Sequence[Value]]",
  frame: "FrameSteps",
  tables: "Mapping[str, FrameSteps]",
  params: "Mapping[str, Value]",
  bytes: "bytes",
  host: "object",
  step: "Self",
  float: "float",
  options: "dict[str, Any]",
  view: "memoryview",
  rows: "list[dict[str, Value]]",
  valueList: "list[Value]",
  class: "",
  void: "None",
};

/** A type as a user reads it. */
export function typeName(type: Type): string {
  let text = type.name ?? SPELLINGS[type.kind];
  if (type.name === "Shape") text = "tuple[int, int]";
  if (type.isList) text = `list[${text}]`;
  return type.isNullable ? `${text} | None` : text;
}

/** What a user may give: a record is taken apart, its fields are keywords. */
export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  /** As Python text; null where it must be given. */
  readonly default: string | null;
  readonly isKeyword: boolean;
  readonly isVariadic: boolean;
}

/** The arguments of a member, in order: its parameters, then the fields of its records. */
export function argumentsOf(model: Model, member: Member): readonly Argument[] {
  const parameters = parametersIn(member, "python");
  const plain = parameters.filter(({ type }) => type.kind !== "record").map(plainArgument);
  const named = parameters.some(({ type, isVariadic }) => type.kind === "items" && isVariadic)
    ? [NAMED]
    : [];
  const options = parameters
    .filter(({ type }) => type.kind === "record")
    .flatMap((parameter) =>
      fieldsIn(recordByName(model, parameter.type.name), "python").map((field) =>
        keyword(field, parameter.place.at === "field"),
      ),
    );
  return [...plain, ...options, ...named];
}

/** `select(total=px.col("a") * 2)`: names with their expressions, as keywords. */
const NAMED: Argument = {
  name: "**named",
  type: "Expression",
  doc: "Further columns by name.",
  default: null,
  isKeyword: true,
  isVariadic: true,
};

function plainArgument(parameter: Parameter): Argument {
  const type = typeName(parameter.type);
  const { isVariadic } = parameter;
  const given = parameter.default !== undefined ? literal(parameter.default) : "None";
  const isOpen = parameter.isOptional && parameter.default === undefined;
  return {
    name: isVariadic ? `*${parameter.names.python}` : parameter.names.python,
    type: isOpen && !parameter.type.isNullable ? `${type} | None` : type,
    doc: parameter.doc,
    default: parameter.isOptional && !isVariadic ? given : null,
    isKeyword: false,
    isVariadic,
  };
}

/**
 * A field that holds a list or a mapping must not be shared by calls: it is None until given.
 * One that goes to the engine only where it is given has a default of its own, `DEFAULT`.
 */
function keyword(field: Field, isSent: boolean): Argument {
  const isShared = typeof field.default === "object" && field.default !== null;
  const isSaid = isShared || isSent;
  const type = typeName(field.type);
  const plain = isSent ? "_wire.DEFAULT" : literal(field.default);
  return {
    name: field.names.python,
    type: isShared ? `${type} | None` : type,
    doc: isSaid ? `${field.doc} Default: \`${literal(field.default)}\`.` : field.doc,
    default: field.default === undefined ? null : isShared ? "None" : plain,
    isKeyword: true,
    isVariadic: false,
  };
}

/** `self, predicate: Expression, params: Mapping[str, Value] | None = None`. */
export function signatureList(model: Model, member: Member, self: boolean): readonly string[] {
  const all = argumentsOf(model, member);
  const list: string[] = self ? ["self"] : [];
  const isOpen = all.some((one) => one.isVariadic && !one.isKeyword);
  let isMarked = isOpen;
  for (const one of all) {
    if (one.isKeyword && !isMarked && !one.isVariadic) {
      list.push("*");
      isMarked = true;
    }
    list.push(`${one.name}: ${one.type}${one.default === null ? "" : ` = ${one.default}`}`);
  }
  return list;
}

export function literal(value: Json | undefined): string {
  if (value === undefined) return "";
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map((one: Json) => literal(one)).join(", ")}]`;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return `{${entries.map(([key, one]) => `${quote(key)}: ${literal(one)}`).join(", ")}}`;
}

/** A text as ruff lays it out: single quotes where the text holds double ones. */
export const quote = (text: string): string =>
  text.includes('"') && !/['\\\n]/.test(text) ? `'${text}'` : JSON.stringify(text);

/** Name of a constant: `MISSING_PARAMETER`. */
export const constant = (name: string): string => upperSnake(name);

/** A docstring: lines at most 88 wide, sections in NumPy's style. */
export function docstring(
  summary: string,
  sections: readonly (readonly [title: string, lines: readonly string[]])[],
): readonly string[] {
  const filled = sections.filter(([, lines]) => lines.length > 0);
  const head = wrap(summary, 86);
  if (filled.length === 0 && head.length === 1 && head[0]!.length < 84) {
    return raw([`"""${head[0]!}"""`]);
  }
  const body = filled.flatMap(([title, lines]) =>
    title === "" ? ["", ...lines] : ["", title, "-".repeat(title.length), ...lines],
  );
  return raw([`"""${head[0]}`, ...head.slice(1), ...body, '"""']);
}

/** A backslash in a docstring is one of its text. */
const raw = (lines: readonly string[]): readonly string[] =>
  lines.some((line) => line.includes("\\")) ? [`r${lines[0]}`, ...lines.slice(1)] : lines;

/**
 * Blank lines as Python's style has them: two before what stands at the margin behind a block, one
 * within a block, none behind the line that opens one.
 */
export function tidy(text: string): string {
  const out: string[] = [];
  let blanks = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") {
      blanks += 1;
      continue;
    }
    const last = out.at(-1) ?? "";
    const isOpened = /^ *(def .*:|\) -> .*:|.*[([{])$/.test(last);
    const isDoubled = blanks > 1 && !line.startsWith(" ");
    for (let i = 0; !isOpened && i < Math.min(blanks, isDoubled ? 2 : 1); i += 1) out.push("");
    out.push(line);
    blanks = 0;
  }
  return `${out.join("\n")}\n`;
}
