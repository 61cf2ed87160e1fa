// Typed text of a plan document as the values that a user of TypeScript would type.

import * as px from "../src/index.js";
import { isNested, type Shape, shapeOf } from "../src/nested.js";

const frames: px.DataFrame[] = [];

/** The frames that stand beside the plans that follow. */
export function handIn(given: readonly px.DataFrame[]): void {
  frames.splice(0, frames.length, ...given);
}

/** The frame at that position. */
export function handedIn(index: number): px.DataFrame {
  const found = frames[index];
  if (found === undefined) throw new Error(`no member stands for a frame that is not there`);
  return found;
}

/** A cell of a `values` step: the text that the document holds, or null. */
type Cell = string | null;

/** Columns written out, as `fromColumns` takes them. */
export function columnsOf(
  columns: readonly {
    readonly name: string;
    readonly dtype: px.DataType;
    readonly values: readonly Cell[];
  }[],
): px.ColumnValues {
  return Object.fromEntries(
    columns.map(({ name, dtype, values }) => [
      name,
      values.map((cell) => (cell === null ? null : valueOf(dtype, cell))),
    ]),
  );
}

/** A literal as an operand: a plain value where its type follows from it, else typed by `lit`. */
export function operandOf(literal: "null" | Readonly<Record<string, Held>>): px.Operand {
  if (literal === "null") return null;
  const [dtype, text] = Object.entries(literal)[0] as [px.DataType, Held];
  if (typeof text === "boolean") return text;
  if (typeof text === "object") return px.lit(valueOf(text.dtype, text.value), text.dtype);
  if ((dtype as string) === "decimal") return px.lit(text, decimalTypeOf(text));
  const value = valueOf(dtype, text);
  const isPlain = dtype === "utf8" || dtype === "int64";
  return isPlain ? value : px.lit(value, dtype);
}

/** What a literal holds. */
export type Held = string | boolean | { readonly dtype: px.DataType; readonly value: string };

/** A value of that type. */
export function valueOf(dtype: px.DataType, text: string): px.Value {
  if (isNested(dtype)) return nestedOf(JSON.parse(quoted(text)), shapeOf(dtype));
  switch (dtype) {
    case "bool":
      return text === "true";
    case "int64":
      return BigInt(text);
    case "uint64":
      return BigInt(text);
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
      return Number(text);
    case "float32":
    case "float64":
      return floatOf(text);
    default:
      return text;
  }
}

/** JSON text with its numbers as strings: 64 bits are no number of JavaScript. */
const quoted = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  );

function nestedOf(json: unknown, shape: Shape): px.Value {
  if (json === null) return null;
  if (shape.kind === "leaf") return valueOf(shape.dtype, String(json));
  if (shape.kind === "list") return (json as unknown[]).map((one) => nestedOf(one, shape.item));
  const fields = json as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    shape.fields.map(([name, type]) => [name, nestedOf(fields[name] ?? null, type)]),
  );
}

/** The type of a decimal with the digits that its text shows. */
function decimalTypeOf(text: string): px.DataType {
  const [whole = "", fraction = ""] = text.replace(/^[+-]/, "").split(".");
  const digits = whole.replace(/^0+/, "").length + fraction.length;
  return `decimal(${Math.max(digits, 1)},${fraction.length})`;
}

function floatOf(text: string): number {
  if (text === "inf") return Infinity;
  return text === "-inf" ? -Infinity : Number(text);
}
