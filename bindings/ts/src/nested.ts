// Lists and structs: names of types taken apart, and the library's JSON text as arrays and objects.
//
//   list(int64)                  [1n, null]              "[\"1\",null]"
//   struct(a int64, b utf8)      { a: 1n, b: "x" }       "[\"1\",\"x\"]"

import { PardoxError } from "./error.js";
import type { DataType, Value } from "./operations.gen.js";

/** A type of lists or of structs. */
export type NestedType = `list(${string})` | `struct(${string})`;

/** A type taken apart. */
export type Shape =
  | { readonly kind: "leaf"; readonly dtype: DataType }
  | { readonly kind: "list"; readonly item: Shape }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [name: string, type: Shape])[] };

/** Whether a type is one of lists or structs. */
export const isNested = (dtype: string): dtype is NestedType => /^(?:list|struct)\(/.test(dtype);

/** Takes a type apart. */
export function shapeOf(dtype: string): Shape {
  if (!isNested(dtype)) return { kind: "leaf", dtype: dtype as DataType };
  const inner = dtype.slice(dtype.indexOf("(") + 1, -1);
  if (dtype.startsWith("list(")) return { kind: "list", item: shapeOf(inner.trim()) };
  return { kind: "struct", fields: fieldsOf(inner) };
}

/** `a int64, "b c" utf8`: names in quotes hold what words do not. */
function fieldsOf(text: string): (readonly [string, Shape])[] {
  const fields: (readonly [string, Shape])[] = [];
  for (let rest = text.trim(); rest !== "";) {
    const found = /^(?:"((?:[^"]|"")*)"|(\w+))\s+/.exec(rest);
    if (found === null) return refuse(`expected a field and its type, found ${rest}`);
    const name = found[2] ?? found[1]!.replaceAll('""', '"');
    const end = typeEnd(rest, found[0].length);
    fields.push([name, shapeOf(rest.slice(found[0].length, end).trim())]);
    rest = rest.slice(end + 1).trim();
  }
  return fields;
}

/** Where a type ends: at a comma that stands in no bracket and no quotes, or at the end. */
function typeEnd(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (letter === "(") depth += 1;
    if (letter === ")") depth -= 1;
    if (letter === "," && depth === 0) return at;
  }
  return text.length;
}

/** The name of a type of structs. */
export const structType = (fields: readonly (readonly [string, DataType])[]): DataType =>
  `struct(${fields.map(([name, dtype]) => `${fieldName(name)} ${dtype}`).join(", ")})`;

const fieldName = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** What reads a value of the library's JSON; `leaf` makes that of values that hold no others. */
export function decoder(
  shape: Shape,
  leaf: (dtype: DataType) => (json: unknown) => Value,
): (json: unknown) => Value {
  switch (shape.kind) {
    case "leaf": {
      const read = leaf(shape.dtype);
      return (json) => (json === null ? null : read(json));
    }
    case "list": {
      const read = decoder(shape.item, leaf);
      return (json) => (json === null ? null : (json as unknown[]).map(read));
    }
    case "struct": {
      const fields = shape.fields.map(([name, type]) => [name, decoder(type, leaf)] as const);
      return (json) => {
        if (json === null) return null;
        const values = json as unknown[];
        return Object.fromEntries(fields.map(([name, read], at) => [name, read(values[at])]));
      };
    }
  }
}

/** A value as the JSON that a plan holds; `leaf` gives the text of values that hold no others. */
export function encoded(
  value: Value,
  shape: Shape,
  leaf: (value: Value, dtype: DataType) => unknown,
): unknown {
  if (value === null) return null;
  switch (shape.kind) {
    case "leaf":
      return leaf(value, shape.dtype);
    case "list":
      if (!Array.isArray(value)) return misfit("a list", value);
      return (value as readonly Value[]).map((one) => encoded(one, shape.item, leaf));
    case "struct": {
      if (!isRecord(value)) return misfit("an object", value);
      const names = shape.fields.map(([name]) => name);
      const other = Object.keys(value).find((name) => !names.includes(name));
      if (other !== undefined) {
        const message = `the struct has no field ${other}; it has ${names.join(", ")}`;
        throw new PardoxError("bad_value", message);
      }
      return shape.fields.map(([name, type]) =>
        encoded(Object.hasOwn(value, name) ? value[name]! : null, type, leaf),
      );
    }
  }
}

/** Whether a value is an object of fields. */
export const isRecord = (value: unknown): value is { readonly [field: string]: Value } =>
  typeof value === "object" &&
  value !== null &&
  !(Symbol.iterator in value) &&
  !(value instanceof Date) &&
  !ArrayBuffer.isView(value);

function misfit(expected: string, value: Value): never {
  const found = Array.isArray(value) ? "a list" : JSON.stringify(value, bigintText);
  throw new PardoxError("bad_value", `expected ${expected}, found ${found}`);
}

const bigintText = (_: string, one: unknown): unknown =>
  typeof one === "bigint" ? String(one) : one;

function refuse(message: string): never {
  throw new PardoxError("invalid_argument", message);
}
