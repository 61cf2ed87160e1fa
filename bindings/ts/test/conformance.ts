// The adapter of docs/conformance.md: requests on stdin, a JSON line of answer for each on stdout.
//
//   request -> dispatch.gen.ts calls what a user would type -> collect -> values in canonical form
//
// What the language cannot say has no answer here, and stands in conformance/gaps/ts.json.

import { createInterface } from "node:readline";
import * as px from "../src/index.js";
import { LazyFrame } from "../src/frame.js";
import { native, takeText } from "../src/library.js";
import { isNested, type Shape, shapeOf } from "../src/nested.js";
import { withPlan } from "../src/operation.js";
import { WIRE } from "../src/wire.js";
import { answer } from "./dispatch.gen.js";
import { handIn, type Held, valueOf } from "./values.js";

interface Document {
  readonly schema: number;
  readonly engine: string;
  readonly plan: object;
}

interface Request {
  readonly id: string;
  readonly want: "result" | "canonical" | "quarantine" | "counts";
  readonly before: readonly Document[];
  readonly frames: readonly Document[];
  readonly plan: Document;
  readonly params: Readonly<Record<string, "null" | Readonly<Record<string, Held>>>>;
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    const request = JSON.parse(line) as Request;
    try {
      const found = await (request.want === "canonical" ? canonical(request) : result(request));
      process.stdout.write(`${JSON.stringify({ id: request.id, ...found })}\n`);
    } catch (error) {
      process.stderr.write(`${request.id}: ${String(error)}\n`);
    }
  }
}

async function result(request: Request): Promise<object> {
  const frames: px.DataFrame[] = [];
  try {
    for (const document of request.before) (await ask(document, {})).close();
    for (const document of request.frames) frames.push(await ask(document, {}));
    handIn(frames);
    using frame = await ask(request.plan, paramsOf(request.params));
    if (request.want === "result") return { ok: tableOf(frame) };
    using attached = request.want === "counts" ? frame.faults() : frame.quarantine();
    return { ok: attached === null ? { schema: [], rows: [] } : tableOf(attached) };
  } catch (error) {
    if (error instanceof px.PardoxError) return { error: errorOf(error) };
    throw error;
  } finally {
    for (const frame of frames) frame.close();
  }
}

/** Answers a document; a write's report becomes the table that it is in the plan. */
async function ask(document: Document, params: px.Params): Promise<px.DataFrame> {
  if (document.schema !== 1 || document.engine !== "0.1") {
    throw new Error("no member sets the version of a document");
  }
  const asked = isEmptyUnion(document.plan) ? px.concat() : answer(document.plan);
  if (asked instanceof px.LazyFrame) return asked.collect({ params });
  if (asked instanceof px.DataFrame) return asked.lazy().collect({ params });
  const report = await asked;
  if (typeof report === "number") return px.fromColumns({ rows: [BigInt(report)] });
  if ("options" in report) return sniffed(report);
  const { path, rows, bytes } = report;
  return px.fromColumns({ path: [path], rows: [BigInt(rows)], bytes: [BigInt(bytes)] });
}

/** What was sniffed as the row that it is in the plan. */
function sniffed({ options, columns, confidence, doubt }: px.CsvSniff): px.DataFrame {
  const found = Object.entries(options).map(([name, value]): [string, px.Value[]] => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    [value as px.Value],
  ]);
  const texts = found.map(([name]): [string, px.DataType] => [name, "utf8"]);
  return px.fromColumns(
    { ...Object.fromEntries(found), columns: [columns], confidence: [confidence], doubt: [doubt] },
    {
      schema: {
        ...Object.fromEntries(texts),
        ...{ skip_lines: "int64", header: "bool", trim: "bool" },
        ...{ columns: "int64", confidence: "float64", doubt: "utf8" },
      },
    },
  );
}

/** A union of no table has no first one whose method could be called. */
const isEmptyUnion = (plan: object): boolean =>
  JSON.stringify(plan) === JSON.stringify({ union: { inputs: [] } });

async function canonical({ plan }: Request): Promise<object> {
  const asked = answer(plan.plan);
  if (!(asked instanceof px.LazyFrame)) throw new Error("expected a lazy frame");
  const text = withPlan(asked[WIRE], LazyFrame.params(asked), (parsed, frames) =>
    takeText(native().planCanonical(parsed, frames)),
  );
  return { canonical: JSON.parse(text) as unknown };
}

const paramsOf = (params: Request["params"] | null): px.Params =>
  Object.fromEntries(
    Object.entries(params ?? {}).map(([name, literal]) => {
      if (literal === "null") return [name, null];
      const [dtype, held] = Object.entries(literal)[0] as [px.DataType, Held];
      if (typeof held === "object") return [name, valueOf(held.dtype, held.value)];
      return [name, typeof held === "boolean" ? held : valueOf(dtype, held)];
    }),
  );

/** The table with all values as text, in canonical form. */
function tableOf(frame: px.DataFrame): object {
  const { schema } = frame;
  const rows = frame
    .toObjects()
    .map((row) => schema.map(({ name, dtype }) => cellText(row[name] ?? null, dtype)));
  return { schema: schema.map(({ name, dtype }) => [name, dtype]), rows };
}

function cellText(value: px.Value, dtype: px.DataType): string | null {
  if (value === null) return null;
  if (isNested(dtype)) return JSON.stringify(nestedCell(value, shapeOf(dtype)));
  if (dtype === "float64") return bitsText(value as number);
  if (dtype === "float32") return bitsText32(value as number);
  if (!dtype.startsWith("timestamp")) return String(value);
  const unit = /^timestamp\(([mun]?s)/.exec(dtype)?.[1] ?? "us";
  const digits = { s: 0, ms: 3, us: 6, ns: 9 }[unit] ?? 6;
  const parts = /^([^.Z]*)\.?(\d*)(Z?)$/.exec(String(value)) ?? [];
  const [, whole = "", fraction = "", zone = ""] = parts;
  return `${whole}${digits === 0 ? "" : `.${fraction.padEnd(digits, "0")}`}${zone}`;
}

/** Lists as they are, structs as lists of their fields, each value in canonical form. */
function nestedCell(value: px.Value, shape: Shape): unknown {
  if (value === null) return null;
  switch (shape.kind) {
    case "leaf":
      return cellText(value, shape.dtype);
    case "list":
      return (value as readonly px.Value[]).map((one) => nestedCell(one, shape.item));
    case "struct": {
      const fields = value as { readonly [field: string]: px.Value };
      return shape.fields.map(([name, type]) => nestedCell(fields[name]!, type));
    }
  }
}

function bitsText(value: number): string {
  if (Number.isNaN(value)) return "7ff8000000000000";
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value);
  return bytes.getBigUint64(0).toString(16).padStart(16, "0");
}

function bitsText32(value: number): string {
  if (Number.isNaN(value)) return "7fc00000";
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value);
  return bytes.getUint32(0).toString(16).padStart(8, "0");
}

function errorOf(error: px.PardoxError): object {
  const { kind, message, file, column, record, line, byteOffset, expected, found, hint } = error;
  const place = { file, column, record, line, byte_offset: byteOffset, expected, found, hint };
  return { kind, message, ...place };
}

void main();
