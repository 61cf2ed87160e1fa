// What turns a user's value into its place in the plan document: one call of wire.ts for each kind.

import type { Type } from "../../model/model.js";
import { quote } from "./words.js";

/** The functions of the hand-written wire.ts, by kind. */
const FUNCTIONS: Readonly<Partial<Record<Type["kind"], string>>> = {
  expression: "expression",
  operand: "operand",
  operands: "operands",
  selector: "selector",
  items: "items",
  sortKeys: "sortKeys",
  joinKeys: "joinKeys",
  renamings: "renamings",
  columnValues: "columnValues",
  frame: "frame",
  tables: "tables",
  int: "whole",
  columns: "names",
  column: "text",
  name: "text",
  path: "text",
  source: "source",
  text: "text",
};

/** Kinds whose conversion takes the name of what it converts, for the message of an error. */
const NAMED = new Set<Type["kind"]>(["int", "columns", "column", "name", "path", "source", "text"]);

/** The conversion of `value`; generated files import wire.ts as `wire`. */
export function convert(type: Type, value: string, isVariadic: boolean, name: string): string {
  const known = FUNCTIONS[type.kind];
  if (known === undefined) return value;
  const call = `wire.${known}`;
  const one = (inner: string): string =>
    NAMED.has(type.kind) ? `${call}(${inner}, ${quote(name)})` : `${call}(${inner})`;
  // `...columns: Item[]` is one list; `...frames: Frame[]` is many values.
  if (isVariadic && type.kind !== "items") return `${value}.map((one) => ${one("one")})`;
  return type.isNullable ? `${value} === null ? null : ${one(value)}` : one(value);
}
