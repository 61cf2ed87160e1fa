// One answer against one expectation: nothing when they agree, else what differs first.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnsweredError, AnsweredTable, Answer } from "./adapter.js";
import type { Case, ExpectedError, ExpectedTable } from "./case.js";
import { canonicalCell, isNested, ulpsBetween } from "./cell.js";

/** `{case}` and `{tmp}` and what they stand for in one request. */
export interface Folders {
  readonly case: string;
  readonly tmp: string;
}

/** A document or a text with the folders in place of their names. */
export function withFolders<T>(value: T, folders: Folders): T {
  return mapText(value, (text) =>
    text.replaceAll("{case}", folders.case).replaceAll("{tmp}", folders.tmp),
  );
}

/** The way back, so that no answer depends on where it was made. */
export function withoutFolders<T>(value: T, folders: Folders): T {
  return mapText(value, (text) =>
    text.replaceAll(folders.tmp, "{tmp}").replaceAll(folders.case, "{case}"),
  );
}

function mapText<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapText(item, change)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapText(item, change)]),
  ) as T;
}

/** What is wrong with an answer (its folders already named), or nothing. */
export function compare(one: Case, answer: Answer, folders: Folders): string {
  if ("fault" in answer) return answer.fault;
  if ("canonical" in answer) return "expected a result, found a canonical form";
  if (one.expectation.kind === "error") {
    if ("ok" in answer) return `expected ${String(one.expectation.parts["kind"])}, found a table`;
    return compareErrors(one.expectation, answer.error);
  }
  if ("error" in answer) {
    return `expected a table, found ${answer.error.kind}: ${answer.error.message}`;
  }
  return (
    compareTables(one.expectation, answer.ok, one.toleranceUlps) ||
    compareFiles(one.expectation, folders)
  );
}

/** What differs between two canonical forms, or nothing. */
export function compareCanonical(left: Answer | undefined, right: Answer | undefined): string {
  if (left === undefined || right === undefined) return "no canonical form";
  for (const answer of [left, right]) {
    if ("fault" in answer) return answer.fault;
    if ("error" in answer) return `canonical form: ${answer.error.message}`;
    if (!("canonical" in answer)) return "expected a canonical form, found a result";
  }
  const [a, b] = [sortedText(left), sortedText(right)];
  return a === b ? "" : `canonical forms differ:\n      ${a}\n      ${b}`;
}

function compareTables(expected: ExpectedTable, found: AnsweredTable, ulps: number): string {
  const schema = JSON.stringify(expected.schema);
  const foundSchema = JSON.stringify(found.schema);
  if (schema !== foundSchema) return `expected schema ${schema}, found ${foundSchema}`;
  if (expected.rows.length !== found.rows.length) {
    return `expected ${expected.rows.length} rows, found ${found.rows.length}`;
  }
  for (const [row, cells] of expected.rows.entries()) {
    if (found.rows[row]?.length !== cells.length) return `row ${row}: wrong number of values`;
    for (const [column, cell] of cells.entries()) {
      const other = found.rows[row]?.[column] ?? null;
      const [name = "", dtype = ""] = expected.schema[column] ?? [];
      if (sameCell(cell, other, dtype, ulps)) continue;
      const [left, right] = [shown(cell, dtype), shown(other, dtype)];
      return `row ${row}, column ${name}: expected ${left}, found ${right}`;
    }
  }
  return "";
}

function sameCell(left: string | null, right: string | null, dtype: string, ulps: number): boolean {
  if (left === right) return true;
  // COBOL and C show lists and structs as the library's own JSON.
  if (left !== null && right !== null && isNested(dtype)) {
    return canonicalCell(right, dtype) === left;
  }
  if (left === null || right === null || dtype !== "float64" || ulps === 0) return false;
  if (!/^[0-9a-f]{16}$/.test(right)) return false;
  const distance = ulpsBetween(left, right);
  return distance !== undefined && distance <= BigInt(ulps);
}

/** A float beside its bits, as bits say little to a reader. */
function shown(cell: string | null, dtype: string): string {
  if (cell === null || dtype !== "float64" || !/^[0-9a-f]{16}$/.test(cell))
    return JSON.stringify(cell);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${cell}`));
  return `${cell} (${view.getFloat64(0)})`;
}

function compareFiles(expected: ExpectedTable, folders: Folders): string {
  for (const [name, text] of Object.entries(expected.files)) {
    let found: string;
    try {
      found = readFileSync(join(folders.tmp, name), "utf8");
    } catch {
      return `expected the file ${name}, found none`;
    }
    if (found !== text) {
      return `file ${name}: expected ${JSON.stringify(text)}, found ${JSON.stringify(found)}`;
    }
  }
  return "";
}

function compareErrors(expected: ExpectedError, found: AnsweredError): string {
  for (const [part, value] of Object.entries(expected.parts)) {
    if (found[part] === value) continue;
    const other = JSON.stringify(found[part] ?? null);
    return `expected ${part} ${JSON.stringify(value)}, found ${other}: ${found.message}`;
  }
  for (const text of expected.contains) {
    if (!found.message.includes(text))
      return `expected a message with "${text}", found: ${found.message}`;
  }
  return "";
}

function sortedText(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
