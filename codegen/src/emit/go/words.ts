// How Go spells the kinds of the model.

import { parametersIn, recordByName } from "../../model/find.js";
import type { Json, Member, Model, Parameter, RecordType, Type } from "../../model/model.js";
import { wrap } from "../lines.js";

const SPELLINGS: Readonly<Record<Type["kind"], string>> = {
  column: "string",
  columns: "[]string",
  name: "string",
  path: "string",
  source: "P",
  stream: "io.Reader",
  text: "string",
  texts: "[]string",
  bool: "bool",
  int: "int",
  enum: "",
  record: "",
  value: "Value",
  expression: "Expression",
  operand: "Operand",
  operands: "[]Operand",
  selector: "Selector",
  items: "Item",
  sortKeys: "SortKeys",
  joinKeys: "JoinKeys",
  renamings: "map[string]string",
  columnTypes: "map[string]DataType",
  columnValues: "[]ColumnValues",
  frame: "Frame",
  tables: "map[string]Frame",
  params: "Params",
  bytes: "[]byte",
  host: "any",
  step: "*LazyFrame",
  float: "float64",
  options: "[]CSVReadOption",
  view: "any",
  rows: "[]Row",
  valueList: "[]Value",
  class: "",
  void: "",
};

/** Classes that Go hands out by pointer. */
const POINTERS = new Set(["DataFrame", "LazyFrame", "GroupBy", "Column", "Expr", "CaseExpr"]);

/** A type as a user reads it. */
export function typeName(type: Type): string {
  let text = type.name ?? SPELLINGS[type.kind];
  if (type.kind === "class" && POINTERS.has(text)) text = `*${text}`;
  if (type.name === "Shape") text = "rows, columns int";
  return type.isList ? `[]${text}` : text;
}

/** `CSVReadOption` for CsvReadOptions. */
export const optionName = (record: RecordType): string =>
  record.name.replace(/^Csv/, "CSV").replace(/^Sql/, "SQL").replace(/s$/, "");

/** How an argument is given. */
export interface Argument {
  readonly parameter: Parameter;
  readonly name: string;
  readonly type: string;
  /** `name ...type`: any number of values, or an optional one. */
  readonly isVariadic: boolean;
  /** Variadic because it may be left out, not because it is a list. */
  readonly isOptional: boolean;
}

const isOpenOperand = ({ type, isOptional }: Parameter): boolean =>
  type.kind === "operand" && isOptional;

/** Operands that may be left out: one open end takes them all, in order. */
export const openOperands = (parameters: readonly Parameter[]): readonly Parameter[] =>
  parameters.filter(isOpenOperand);

/**
 * The arguments of a member. Go has neither defaults nor two open ends: what has a default is asked
 * for, what may be absent is open, and options of a run are left to `Collect` where another record
 * of options is there.
 */
export function argumentsOf(model: Model, member: Member): readonly Argument[] {
  const parameters = parametersIn(member, "go");
  const records = parameters.filter(({ type }) => type.kind === "record");
  const [open] = openOperands(parameters);
  const kept = parameters.filter(
    (one) =>
      (one.type.kind !== "record" || one.place.at !== "run" || records.length === 1) &&
      (!isOpenOperand(one) || one === open),
  );
  return kept.flatMap((parameter): readonly Argument[] => {
    const name = parameter.names.go;
    const { type, isVariadic } = parameter;
    if (type.kind === "record") {
      const record = recordByName(model, type.name);
      const required: readonly Argument[] = record.fields
        .filter((field) => !field.isOptional)
        .map((field) => ({
          parameter,
          name: field.names.go.charAt(0).toLowerCase() + field.names.go.slice(1),
          type: typeName(field.type),
          isVariadic: false,
          isOptional: false,
        }));
      const open = {
        parameter,
        name,
        type: optionName(record),
        isVariadic: true,
        isOptional: true,
      };
      return [...required, open];
    }
    if (parameter === open) {
      return [{ parameter, name, type: "Operand", isVariadic: true, isOptional: false }];
    }
    const isOpenList = !isVariadic && type.kind === "columns";
    if (type.kind === "operands") {
      return [{ parameter, name, type: "Operand", isVariadic: true, isOptional: false }];
    }
    if (isOpenList)
      return [{ parameter, name, type: "string", isVariadic: true, isOptional: false }];
    const isOptional =
      parameter.isOptional &&
      !isVariadic &&
      (parameter.default === undefined || parameter.default === null) &&
      type.kind !== "int";
    return [
      { parameter, name, type: typeName(type), isVariadic: isVariadic || isOptional, isOptional },
    ];
  });
}

/** `predicate Expression, params ...Params`, with a context in front where work is waited for. */
export function signatureList(model: Model, member: Member): string {
  const list = argumentsOf(model, member).map(
    ({ name, type, isVariadic }) => `${name} ${isVariadic ? "..." : ""}${type}`,
  );
  return [...(member.result.isAwaited ? ["ctx context.Context"] : []), ...list].join(", ");
}

/** The results: work and what may fail give an error beside. */
export function resultName(member: Member): string {
  // What is counted may be more than an int of 32 bits.
  const name = member.result.kind === "int" ? "int64" : typeName(member.result);
  const isFrame = member.result.name === "DataFrame";
  return member.result.isAwaited || isFrame ? `(${name}, error)` : name;
}

export function literal(value: Json | undefined): string {
  if (value === undefined) return "";
  if (value === null) return "nil";
  if (Array.isArray(value)) return `{${value.map((one: Json) => literal(one)).join(", ")}}`;
  return typeof value === "object" ? "{}" : JSON.stringify(value);
}

/** A comment of some paragraphs. */
export function comment(...paragraphs: readonly (string | null)[]): readonly string[] {
  const texts = paragraphs.filter((text): text is string => text !== null && text !== "");
  return texts.flatMap((text, i) => [
    ...(i > 0 ? ["//"] : []),
    ...text.split("\n").flatMap((line) => wrap(line, 92).map((one) => `// ${one}`.trimEnd())),
  ]);
}

/** The first sentence of a comment of the header. */
export const sentence = (doc: string): string =>
  doc
    .split("\n\n")[0]!
    .replaceAll("\n", " ")
    .replace(/^(.*?[.])( .*)$/, "$1");

/** Lines whose second parts stand below each other, as gofmt lays them out. */
export function aligned(
  pairs: readonly (readonly [first: string, second: string])[],
): readonly string[] {
  const width = Math.max(0, ...pairs.map(([first]) => first.length));
  return pairs.map(([first, second]) => `${first.padEnd(width)} ${second}`);
}
