// What a user gives becomes plain values of the plan document: one function for each kind.
//
//   where a column is named    text is the column's name      selector, items, sortKeys
//   where a question is asked  text is the second door        expression
//   where a value stands       text is a value                operand
//
// What cannot be meant is refused here, before the engine sees it, in the engine's own kinds.

import { PardoxError } from "./error.js";
import { isDecimal } from "./decimal.js";
import { isMoment, type MomentType } from "./moment.js";
import { Feed, givesBytes } from "./feed.js";
import { encoded, isNested, isRecord, shapeOf, structType } from "./nested.js";
import type {
  ColumnTypes,
  ColumnValues,
  CsvSource,
  DataType,
  Expression,
  Item,
  JoinKey,
  JoinKeys,
  Operand,
  Renamings,
  Selector,
  SortKey,
  SortKeys,
  SortOptions,
  Tables,
  Value,
} from "./operations.gen.js";

/** Where an object keeps its place in the plan. @internal */
export const WIRE: unique symbol = Symbol("pardox.wire");

/** Where an expression keeps the name of its column. @internal */
export const NAME: unique symbol = Symbol("pardox.name");

/** A step of a plan, its inputs below it. @internal */
export type WireNode = Readonly<Record<string, unknown>>;

/** An expression of a plan. @internal */
export type WireExpression = Readonly<Record<string, unknown>>;

/** What an expression is to the functions here. */
export interface ExprLike {
  /** The expression as the plan has it. @internal */
  readonly [WIRE]: WireExpression;
  /** The name of its column where it has one. @internal */
  readonly [NAME]: string | null;
}

const isExpr = (value: unknown): value is ExprLike =>
  typeof value === "object" && value !== null && NAME in value;

/** A question: an expression, or text of the second door. */
export function expression(value: Expression): WireExpression {
  if (isExpr(value)) return value[WIRE];
  if (typeof value === "string") return { text: value };
  return refuse(`expected an expression or text, found ${describe(value)}`);
}

/** An operand: an expression, or a value that stands for itself. */
export const operand = (value: Operand): WireExpression =>
  isExpr(value) ? value[WIRE] : { lit: literal(value as Value, null) };

export function operands(values: readonly Operand[]): WireExpression[] {
  if (!Array.isArray(values)) refuse(`expected a list of operands, found ${describe(values)}`);
  return values.map(operand);
}

/** A column by name, or an expression. */
export function selector(value: Selector): WireExpression {
  if (isExpr(value)) return value[WIRE];
  if (typeof value === "string") return { col: value };
  return refuse(`expected a column's name or an expression, found ${describe(value)}`);
}

/** Columns of a result. */
export function items(values: readonly Item[]): unknown[] {
  return values.flatMap((value): unknown[] => {
    if (typeof value === "string") return [named(value, { col: value })];
    if (isExpr(value)) return [item(value)];
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return refuse(
        `expected a column's name, an expression or a record, found ${describe(value)}`,
      );
    }
    return Object.entries(value).map(([name, one]) => named(name, expression(one)));
  });
}

const named = (name: string, expr: WireExpression): unknown => ({ named: { name, expr } });

/** An expression as an item: under its own name, its column's, or as text that names itself. */
function item(value: ExprLike): unknown {
  const wire = value[WIRE];
  const name = value[NAME] ?? wire["col"];
  if (typeof name === "string") return named(name, wire);
  if (typeof wire["text"] === "string") return { text: wire["text"] };
  return refuse('the expression has no name; give it one, as in { total: ... } or .alias("total")');
}

/** What to order by; `options` hold for keys that do not say it themselves. */
export function sortKeys(by: SortKeys, options: SortOptions = {}): unknown[] {
  known("SortOptions", options, ["descending", "nulls"]);
  const keys = Array.isArray(by) ? (by as readonly (Selector | SortKey)[]) : [by as Selector];
  return keys.map((key) => {
    if (isSortKey(key)) {
      const { expr, ...own } = key;
      return sortKey(expr, { ...options, ...own });
    }
    const text = isExpr(key) ? key[WIRE]["text"] : undefined;
    if (typeof text !== "string") return sortKey(key, options);
    if (Object.values(options).every((one) => one === undefined)) return { text };
    return refuse(`the text "${text}" says its directions itself; leave the options out`);
  });
}

const isSortKey = (value: Selector | SortKey): value is SortKey =>
  typeof value === "object" && value !== null && "expr" in value && !isExpr(value);

function sortKey(expr: Selector, options: SortOptions): unknown {
  const { descending, nulls } = options;
  return {
    key: {
      expr: selector(expr),
      ...(descending === undefined ? {} : { descending }),
      ...(nulls === undefined ? {} : { nulls }),
    },
  };
}

/** Columns that must be equal. */
export function joinKeys(on: JoinKeys): unknown[] {
  const keys = typeof on === "string" ? [on] : on;
  if (!Array.isArray(keys)) refuse(`expected columns to join on, found ${describe(on)}`);
  return (keys as readonly (string | JoinKey)[]).map((key) => {
    if (typeof key === "string") return { left: key, right: key };
    const { left, right } = record(key, "a pair of keys");
    return { left: text(left, "left"), right: text(right, "right") };
  });
}

/** New names by old name. */
export const renamings = (columns: Renamings): unknown[] =>
  Object.entries(record(columns, "new names by old name")).map(([from, to]) => ({
    from,
    to: text(to, "columns"),
  }));

/** Another frame's plan. */
export function frame(value: { readonly [WIRE]: WireNode }): WireNode {
  if (typeof value === "object" && value !== null && WIRE in value) return value[WIRE];
  return refuse(`expected a frame, found ${describe(value)}`);
}

/** Frames by name. */
export const tables = (values: Tables): Record<string, WireNode> =>
  Object.fromEntries(
    Object.entries(record(values, "tables by name")).map(([name, one]) => [name, frame(one)]),
  );

/** Columns written out, with types that follow from their values where `types` does not say. */
export function columnValues(columns: ColumnValues, types: ColumnTypes = {}): unknown[] {
  record(columns, "values by column name");
  record(types, "types by column name");
  for (const name of Object.keys(types)) {
    if (!Object.hasOwn(columns, name)) {
      throw new PardoxError("unknown_column", `the schema names ${name}, which has no values`);
    }
  }
  return Object.entries(columns).map(([name, given]) => {
    const values = valuesOf(given, name);
    const said = (Object.hasOwn(types, name) ? types[name] : undefined) ?? typeOfArray(given);
    const dtype = said ?? typeOf(values, name);
    return { name, dtype, values: values.map((value) => cell(value, dtype, name)) };
  });
}

/** The values of a column: a list, or a typed array, whose own map would make numbers again. */
function valuesOf(given: unknown, name: string): readonly Value[] {
  const isList = typeof given === "object" && given !== null && Symbol.iterator in given;
  if (isList) return [...(given as Iterable<Value>)];
  return refuse(`expected a list of values for column ${name}, found ${describe(given)}`);
}

/** The type that a typed array says, also of whole numbers and of none; null for a list. */
function typeOfArray(given: unknown): DataType | null {
  const tag = Object.prototype.toString.call(given).slice("[object ".length, -1);
  if (!ArrayBuffer.isView(given) || tag === "DataView") return null;
  return ARRAY_TYPES.get(tag) ?? null;
}

const ARRAY_TYPES: ReadonlyMap<string, DataType> = new Map([
  ["Int8Array", "int8"],
  ["Int16Array", "int16"],
  ["Int32Array", "int32"],
  ["BigInt64Array", "int64"],
  ["Uint8Array", "uint8"],
  ["Uint8ClampedArray", "uint8"],
  ["Uint16Array", "uint16"],
  ["Uint32Array", "uint32"],
  ["BigUint64Array", "uint64"],
  ["Float16Array", "float32"],
  ["Float32Array", "float32"],
  ["Float64Array", "float64"],
]);

/**
 * The one type of some values; whole numbers beside others are float64, lists and objects are lists
 * and structs of what they hold.
 */
function typeOf(values: readonly Value[], name: string): DataType {
  const present = values.filter((value) => value !== null);
  if (present.length > 0 && present.every((value) => Array.isArray(value))) {
    const items = (present as readonly (readonly Value[])[]).flat();
    if (items.some((item) => item !== null)) return `list(${typeOf(items, name)})`;
    const message = `the lists of ${name} hold no value; name their type`;
    throw new PardoxError("type_mismatch", message);
  }
  if (present.length > 0 && present.every((value) => isRecord(value))) {
    const fields = [...new Set(present.flatMap((value) => Object.keys(value)))];
    if (fields.length === 0) refuse(`an object of ${name} has no field`);
    const typed = fields.map((field): readonly [string, DataType] => {
      const inner = present.map((value) => (Object.hasOwn(value, field) ? value[field]! : null));
      return [field, typeOf(inner, `${name}.${field}`)];
    });
    return structType(typed);
  }
  const found = new Set(values.filter((value) => value !== null).map((value) => kindOf(value)));
  if (found.size === 2 && found.has("int64") && found.has("float64")) return "float64";
  if (found.size > 1) {
    const list = [...found].join(" and ");
    throw new PardoxError("type_mismatch", `column ${name} holds ${list}; name its type in schema`);
  }
  return [...found][0] ?? "utf8";
}

/** A value as the text that the document holds. */
function cell(value: Value, dtype: DataType, name: string): string | null {
  if (value === null) return null;
  const wire = literal(value, dtype, `column ${name}: `);
  if (typeof wire === "string") return null;
  const [held] = Object.values(wire);
  return typeof held === "object" ? held.value : String(held);
}

function kindOf(value: Value): DataType {
  switch (typeof value) {
    case "string":
      return "utf8";
    case "boolean":
      return "bool";
    case "bigint":
      return "int64";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int64" : "float64";
    default:
      if (value instanceof Date) return "timestamp";
      return refuse(
        `expected text, number, bigint, boolean, Date or null, found ${describe(value)}`,
      );
  }
}

/** A value as an expression; a decimal of given digits and a dictionary are casts of one. */
export function lit(value: Value, dtype: DataType | null): WireExpression {
  const isCast = dtype !== null && (isDecimal(dtype) || dtype === "dictionary");
  if (!isCast) return { lit: literal(value, dtype) };
  return { cast: { input: { lit: literal(value, dtype) }, to: dtype } };
}

/** A typed value of the document. @internal */
export type WireLiteral = "null" | Readonly<Record<string, string | boolean | WireTyped>>;

/** A value of a type with parameters, in the type's text. @internal */
export interface WireTyped {
  readonly dtype: string;
  readonly value: string;
}

/** A typed value of the document; without `dtype` the type follows from the value. */
export function literal(value: Value, dtype: DataType | null, where = ""): WireLiteral {
  if (value === null) return "null";
  const type = dtype ?? (typeof value === "object" ? typeOf([value], "a value") : kindOf(value));
  if (isNested(type)) return { nested: nestedLiteral(value, type, where) };
  const kind = typeof value;
  if (type === "bool" && kind === "boolean") return { bool: value as boolean };
  if (type === "int64" && (isInt64(value) || Number.isSafeInteger(value))) {
    return { int64: String(value) };
  }
  if (type === "float64" && (kind === "number" || kind === "bigint")) {
    return { float64: floatText(value as number | bigint, where) };
  }
  if (type === "float32" && (kind === "number" || kind === "bigint")) {
    return { float32: floatText(value as number | bigint, where) };
  }
  // The engine knows the range of each type.
  if (/^u?int(8|16|32|64)$/.test(type) && (kind === "bigint" || Number.isSafeInteger(value))) {
    if (type !== "int64") return { [type]: String(value) };
  }
  if ((type === "date" || type === "timestamp") && (kind === "string" || value instanceof Date)) {
    return { [type]: momentText(value as string | Date, type) };
  }
  if (isMoment(type) && (kind === "string" || value instanceof Date)) {
    return { typed: { dtype: type, value: momentText(value as string | Date, type) } };
  }
  if ((type === "utf8" || type === "dictionary") && kind === "string") {
    return { utf8: value as string };
  }
  if (isDecimal(type) && (kind === "string" || kind === "bigint")) {
    return { decimal: String(value) };
  }
  throw new PardoxError("bad_value", `${where}expected ${type}, found ${describe(value)}`);
}

/** A list or a struct as the document holds it. @internal */
export interface NestedLiteral {
  readonly dtype: DataType;
  readonly value: string;
}

function nestedLiteral(value: Value, dtype: DataType, where: string): NestedLiteral {
  const leaf = (one: Value, type: DataType): unknown => {
    const wire = literal(one, type, where);
    return typeof wire === "string" ? null : Object.values(wire)[0];
  };
  return { dtype, value: json(encoded(value, shapeOf(dtype), leaf)) };
}

const isInt64 = (value: Value): boolean =>
  typeof value === "bigint" && BigInt.asIntN(64, value) === value;

/** The shortest decimal that reads back as the same number. */
function floatText(value: number | bigint, where: string): string {
  const number = Number(value);
  if (typeof value === "bigint" && BigInt(number) !== value) {
    throw new PardoxError("bad_value", `${where}${value} is not exact as float64`);
  }
  if (Object.is(number, -0)) return "-0.0";
  if (Number.isFinite(number)) return String(number);
  return Number.isNaN(number) ? "NaN" : number > 0 ? "inf" : "-inf";
}

function momentText(value: string | Date, type: "date" | "timestamp" | MomentType): string {
  if (typeof value === "string") return value;
  if (Number.isNaN(value.getTime())) refuse("expected a date, found an invalid Date");
  // A Date is a moment: with a zone it stays that one.
  if (type.includes(",")) return value.toISOString();
  return type === "date" ? value.toISOString().slice(0, 10) : value.toISOString().slice(0, -1);
}

/** A whole number that is not negative. */
export function whole(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  return refuse(`expected a whole number from 0 for ${name}, found ${describe(value)}`);
}

/** Text, and nothing that only looks like it. */
export function text(value: string, name: string): string {
  if (typeof value === "string") return value;
  return refuse(`expected text for ${name}, found ${describe(value)}`);
}

/** Where CSV text comes from: one of the fields that say it. */
export function source(value: CsvSource, name: string): Record<string, unknown> {
  if (typeof value === "string") return { path: value };
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return { paths: value };
  }
  if (givesBytes(value)) return { feed: new Feed(value) };
  const expected = "a path, a list of paths, bytes or a stream of bytes";
  return refuse(`expected ${expected} for ${name}, found ${describe(value)}`);
}

/** Names of columns. */
export function names(values: readonly string[], name: string): string[] {
  if (!Array.isArray(values))
    refuse(`expected a list of names for ${name}, found ${describe(values)}`);
  return values.map((value) => text(value as string, name));
}

/** An object of named values, and nothing else. */
export function record<T extends object>(value: T, what: string): T {
  // A Map, a Set or a list has its content elsewhere: its own keys would say that there is none.
  const isRecord = typeof value === "object" && (value as T | null) !== null;
  if (isRecord && !(Symbol.iterator in value) && !ArrayBuffer.isView(value)) return value;
  return refuse(`expected ${what}, found ${describe(value)}`);
}

/** Refuses options that are not known. */
export function known(kind: string, given: object | undefined, names: readonly string[]): void {
  for (const name of Object.keys(record(given ?? {}, kind))) {
    if (names.includes(name)) continue;
    const list = names.join(", ");
    throw new PardoxError("invalid_option", `${kind} has no option ${name}; it has ${list}`);
  }
}

/** The options that are given, under their names on the wire; the engine refuses unknown ones. */
export function options(
  kind: string,
  given: object | undefined,
  fields: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record(given ?? {}, kind))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        Object.hasOwn(fields, name) ? fields[name] : name,
        plain(value, `option ${name}`),
      ]),
  );
}

/** A value that JSON can say: the engine would see others as null or not at all. */
function plain(value: unknown, what: string): unknown {
  const type = typeof value;
  const isOther = type === "function" || type === "symbol" || type === "bigint";
  if (!isOther && (type !== "number" || Number.isFinite(value))) return value;
  throw new PardoxError("invalid_option", `${what}: expected plain data, found ${describe(value)}`);
}

/** JSON, in which every text is one: half of a surrogate pair has no UTF-8. */
export function json(value: unknown, place: (value: unknown) => unknown = (one) => one): string {
  return JSON.stringify(value, (key, one: unknown) => {
    wellFormed(key);
    if (typeof one === "string") wellFormed(one);
    return place(one);
  });
}

function wellFormed(value: string): void {
  if (!LONE_SURROGATE.test(value)) return;
  const message = `the text ${describe(value)} holds half of a surrogate pair`;
  throw new PardoxError("invalid_utf8", message);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function refuse(message: string): never {
  throw new PardoxError("invalid_argument", message);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" ? "an object" : String(value);
}
