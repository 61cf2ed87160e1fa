// The conformance adapter (docs/conformance.md): requests in, commands for ADAPTER.cob out.
//
//   stdin -> commands.ts -> file of fixed records -> ADAPTER (COBOL) -> its lines -> JSON on stdout
//
//   node conformance.js <the compiled ADAPTER.cob>
//
// What text and CALLs cannot say has no answer here, and stands in conformance/gaps/cobol.json.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CaseWriter, type Request } from "./commands.js";
import { NoText } from "./text.js";

const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
const LENGTH_DIGITS = 9;

const folder = mkdtempSync(join(tmpdir(), "pardox-cobol-"));
try {
  main(process.argv[2] ?? "");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(program: string): void {
  const lines = readFileSync(0, "utf8").split("\n");
  const requests = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Request);
  const cases = new Map<string, CaseWriter>();
  requests.forEach((request, i) => {
    const own = join(folder, String(i));
    mkdirSync(own);
    try {
      cases.set(request.id, new CaseWriter(request, own));
    } catch (error) {
      if (!(error instanceof NoText)) throw error;
      process.stderr.write(`${request.id}: ${error.message}\n`);
    }
  });
  const commands = join(folder, "commands");
  writeFileSync(commands, Buffer.concat([...cases.values()].flatMap(({ records }) => records)));
  const run = spawnSync(program, [commands], { maxBuffer: OUTPUT_BYTES_MAX });
  process.stderr.write(run.stderr ?? "");
  answer(pieces(run.stdout ?? Buffer.alloc(0)), cases);
  if (run.status !== 0) {
    process.stderr.write(`${program} ended with ${run.signal ?? run.status}\n`);
    process.exitCode = 1;
  }
}

interface Piece {
  readonly kind: string;
  readonly text: string;
}

/** Kind, nine digits of a length, that many bytes, a newline. */
function pieces(bytes: Buffer): readonly Piece[] {
  const found: Piece[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 1 + LENGTH_DIGITS;
    const length = Number(bytes.toString("latin1", at + 1, start));
    if (!Number.isInteger(length)) throw new Error(`no length at byte ${at} of the output`);
    found.push({
      kind: bytes.toString("latin1", at, at + 1),
      text: bytes.toString("utf8", start, start + length),
    });
    at = start + length + 1;
  }
  return found;
}

function answer(all: readonly Piece[], cases: ReadonlyMap<string, CaseWriter>): void {
  for (let at = 0; at < all.length;) {
    const next = all.findIndex(({ kind }, i) => i > at && kind === "C");
    const end = next === -1 ? all.length : next;
    const id = all[at]?.text ?? "";
    const found = answerOf(all.slice(at + 1, end), cases.get(id)?.written ?? null);
    process.stdout.write(`${JSON.stringify({ id, ...found })}\n`);
    at = end;
  }
}

function answerOf(own: readonly Piece[], written: string | null): object {
  const of = (wanted: string): readonly string[] =>
    own.filter(({ kind }) => kind === wanted).map(({ text }) => text);
  const error = of("E");
  if (error.length > 0) return { error: errorOf(error) };
  if (written !== null) {
    const [rows = "", bytes = ""] = of("B").map((text) => text.trim());
    const schema = [
      ["path", "utf8"],
      ["rows", "int64"],
      ["bytes", "int64"],
    ];
    return { ok: { schema, rows: [[written, rows, bytes]] } };
  }
  const totals = of("B");
  if (totals.length > 0) {
    return { ok: { schema: [["rows", "int64"]], rows: [totals.map((text) => text.trim())] } };
  }
  const dtypes = of("D");
  const rows: (string | null)[][] = [];
  for (const { kind, text } of own) {
    if (kind === "R") rows.push([]);
    else if (kind === "V" || kind === "U") rows.at(-1)?.push(kind === "U" ? null : text);
  }
  const schema = of("N").map((name, i) => [name, dtypes[i]]);
  return { ok: { schema, rows: rows.map((row) => rowOf(row, dtypes)) } };
}

/** A moment without its offset, in UTC where it has one, and what says so. */
function inUtc(text: string): readonly [string, string] {
  const found = /^([^.+]*T[^.+-]*)(\.\d+)?([+-])(\d\d):(\d\d)$/.exec(text);
  if (found === null) return [text, ""];
  const [, clock = "", fraction = "", sign = "", hours = "", minutes = ""] = found;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const utc = new Date(Date.parse(`${clock}Z`) - offset * 60_000).toISOString().slice(0, 19);
  return [utc + fraction, "Z"];
}

/** Values in canonical form; behind them stand the lengths of the texts, in characters. */
function rowOf(row: readonly (string | null)[], dtypes: readonly string[]): (string | null)[] {
  let at = dtypes.length;
  return dtypes.map((dtype, i) => {
    const value = row[i] ?? null;
    const isText = dtype === "utf8" || dtype === "dictionary";
    const length = isText ? Number(row[at++] ?? 0) : 0;
    if (value === null) return null;
    if (isText) return [...value].slice(0, length).join("");
    const text = value.trimEnd();
    if (dtype === "float64") return bitsOf(text);
    if (dtype === "float32") return bitsOf32(text);
    if (!dtype.startsWith("timestamp")) return text;
    const digits = { s: 0, ms: 3, ns: 9 }[/\(([mn]?s)/.exec(dtype)?.[1] ?? ""] ?? 6;
    const [moment, zone] = inUtc(text);
    const [whole = "", fraction = ""] = moment.split(".");
    return (digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, "0")}`) + zone;
  });
}

function bitsOf(text: string): string {
  const known: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity };
  const value = known[text] ?? Number(text);
  if (Number.isNaN(value)) return "7ff8000000000000";
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

function bitsOf32(text: string): string {
  const known: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity };
  const value = known[text] ?? Number(text);
  if (Number.isNaN(value)) return "7fc00000";
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, "0");
}

/** Statuses by the copybook's conditions: PDX-ERR-UNKNOWN-COLUMN is unknown_column. */
function kinds(): ReadonlyMap<string, string> {
  const copybook = readFileSync("bindings/cobol/copybooks/PARDOX.cpy", "utf8");
  const found = copybook.matchAll(/88 {2}PDX-ERR-([A-Z0-9-]+)\s+VALUE (\d+)\./g);
  return new Map(
    [...found].map(([, name = "", number = ""]) => [
      number,
      name.toLowerCase().replaceAll("-", "_"),
    ]),
  );
}

function errorOf(parts: readonly string[]): object {
  const [status = "", ...rest] = parts;
  const number = (text = ""): number | null => (Number(text) < 0 ? null : Number(text));
  const known = (text = ""): string | null => (text === "" ? null : text);
  const [record, line, offset, file, column, expected, found, hint] = rest;
  return {
    kind: kinds().get(status.trim()) ?? `status ${status.trim()}`,
    message: parts.at(-1),
    record: number(record),
    line: number(line),
    byte_offset: number(offset),
    file: known(file),
    column: known(column),
    expected: known(expected),
    found: known(found),
    hint: known(hint),
  };
}
