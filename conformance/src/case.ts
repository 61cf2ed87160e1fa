// Cases on disk -> cases in memory, every file checked against its schema first.
//
//   cases/<area>/<case>/case.json       the question
//                       expected.json   the table it must answer, or
//                       error.json      the error it must answer
//                       *.csv ...       its files, {case} in the question
//
// A twin has only case.json: files and expectation are those of the case it names.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalCell, type Cell } from "./cell.js";
import type { Schemas } from "./schemas.js";

/** The table a case must answer: cells in canonical form. */
export interface ExpectedTable {
  readonly kind: "table";
  readonly schema: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly Cell[])[];
  readonly files: Readonly<Record<string, string>>;
}

/** The error a case must answer; parts left out are free. */
export interface ExpectedError {
  readonly kind: "error";
  readonly parts: Readonly<Record<string, string | number>>;
  readonly contains: readonly string[];
}

export interface Case {
  /** `<area>/<case>`. */
  readonly id: string;
  /** Where its files are. */
  readonly folder: string;
  readonly plan: unknown;
  readonly params: unknown;
  readonly before: readonly unknown[];
  readonly frames: readonly unknown[];
  /** Asks for a table that travels with the answer, instead of the answer. */
  readonly attached: "quarantine" | "counts" | undefined;
  readonly twin: string | undefined;
  readonly toleranceUlps: number;
  readonly expectation: ExpectedTable | ExpectedError;
}

interface CaseFile {
  readonly plan: unknown;
  readonly params?: unknown;
  readonly before?: readonly unknown[];
  readonly frames?: readonly unknown[];
  readonly attached?: "quarantine" | "counts";
  readonly twin?: string;
  readonly tolerance_ulps?: number;
}

/**
 * Every case below `root`, sorted by id.
 *
 * Errors: one `Error` that lists every file that does not follow its schema, so that nothing runs
 * on a broken suite.
 */
export function loadCases(root: string, schemas: Schemas): readonly Case[] {
  const faults: string[] = [];
  const cases = new Map<string, Case>();
  const twins: { readonly id: string; readonly file: CaseFile; readonly of: string }[] = [];
  for (const id of caseIds(root)) {
    const folder = join(root, id);
    const names = new Set(readdirSync(folder));
    try {
      const file = schemas.read<CaseFile>("case", join(folder, "case.json"));
      if (file.twin !== undefined) {
        if (names.size !== 1) throw new Error(`${id}: a twin holds case.json only`);
        twins.push({ id, file, of: file.twin });
        continue;
      }
      if (names.has("expected.json") === names.has("error.json")) {
        throw new Error(`${id}: expected one of expected.json and error.json`);
      }
      const expectation = names.has("expected.json")
        ? readTable(join(folder, "expected.json"), schemas)
        : readError(join(folder, "error.json"), schemas);
      cases.set(id, toCase(id, file, folder, expectation));
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  for (const { id, file, of } of twins) {
    const other = cases.get(of);
    if (other === undefined) faults.push(`${id}: no case is called ${of}`);
    else cases.set(id, toCase(id, file, other.folder, other.expectation));
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return [...cases.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}

function toCase(
  id: string,
  file: CaseFile,
  folder: string,
  expectation: ExpectedTable | ExpectedError,
): Case {
  return {
    id,
    folder,
    plan: file.plan,
    params: file.params ?? {},
    before: file.before ?? [],
    frames: file.frames ?? [],
    attached: file.attached,
    twin: file.twin,
    toleranceUlps: file.tolerance_ulps ?? 0,
    expectation,
  };
}

function caseIds(root: string): readonly string[] {
  const folders = (at: string): string[] =>
    readdirSync(at, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  return folders(root).flatMap((area) =>
    folders(join(root, area)).map((name) => `${area}/${name}`),
  );
}

interface TableFile {
  readonly schema: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly files?: Readonly<Record<string, string>>;
}

function readTable(path: string, schemas: Schemas): ExpectedTable {
  const file = schemas.read<TableFile>("expected", path);
  const rows = file.rows.map((row, index) => {
    if (row.length !== file.schema.length) {
      throw new Error(
        `${path}: expected ${file.schema.length} values, found ${row.length} (row ${index})`,
      );
    }
    return row.map((text, column) => {
      const cell = canonicalCell(text, file.schema[column]?.[1] ?? "");
      if (cell === undefined)
        throw new Error(`${path}: ${text} is no value (row ${index}, column ${column})`);
      return cell;
    });
  });
  return { kind: "table", schema: file.schema, rows, files: file.files ?? {} };
}

function readError(path: string, schemas: Schemas): ExpectedError {
  const { contains, ...parts } = schemas.read<
    Record<string, string | number> & { readonly contains?: readonly string[] }
  >("error", path) as { contains?: readonly string[] } & Record<string, string | number>;
  return { kind: "error", parts, contains: contains ?? [] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
