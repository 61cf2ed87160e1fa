// A case as the commands of ADAPTER.cob: one fixed record for each CALL that a program would make.
//
//   {"filter":{"input":{"scan_csv":..},"predicate":..}}  -->  PDXRCSV path options -> 1
//                                                             PDXFILT 1 predicate  -> 2

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  expression,
  type Fields,
  items,
  joinKeys,
  names,
  NoText,
  parametersOf,
  quoteName,
  renamings,
  sortKeys,
  tagOf,
  type Wire,
  typeText,
} from "./text.js";

export interface Request {
  readonly id: string;
  readonly want: string;
  readonly before: readonly Fields[];
  readonly frames: readonly Fields[];
  readonly plan: Fields;
  readonly params: Fields | null;
}

/** The record of ADAPTER.cob. */
const TEXT_BYTES = 8000;
const TEXTS = 3;
const FRAMES_MAX = 400;
const HEAD_BYTES = 48;
export const RECORD_BYTES = HEAD_BYTES + TEXTS * TEXT_BYTES;

/** CALLs that give what travels with a frame. */
const ATTACHED: Readonly<Record<string, string>> = { quarantine: "PDXQUAR", counts: "PDXFLTS" };

interface Command {
  readonly texts?: readonly string[];
  readonly frames?: readonly number[];
  readonly counts?: readonly bigint[];
  readonly result?: number;
  /** Length of the third text where its trailing blanks count. */
  readonly exactLength?: number;
}

/** Writes a case: its commands in order, and the files that its tables are read from. */
export class CaseWriter {
  readonly records: Buffer[] = [];
  /** Path of the file that the last step wrote; null where it gave a table. */
  written: string | null = null;
  /** Whether the last step counted. */
  isCounted = false;
  readonly #folder: string;
  readonly #params: Readonly<Record<string, Wire>>;
  #unused: Set<string>;
  #handedIn: number[] = [];
  #last = 0;
  /** Where the last step that takes values begins among the records. */
  #lastAsking: number | null = null;
  #files = 0;

  constructor(request: Request, folder: string) {
    this.#folder = folder;
    this.#params = request.params ?? {};
    this.#unused = new Set(Object.keys(this.#params));
    this.#put("CASE", { texts: [request.id] });
    for (const document of request.before) this.#document(document, false);
    this.#handedIn = request.frames.map((document) => this.#document(document, false));
    let frame = this.#document(request.plan, true);
    this.#giveUnused();
    const attached = ATTACHED[request.want];
    if (attached !== undefined) frame = this.#step(attached, [frame], []);
    if (this.isCounted) this.#put("TOTAL", {});
    else if (this.written === null) this.#put("ROWS", { frames: [frame] });
    else this.#put("REPORT", {});
  }

  #document(document: Fields, isLast: boolean): number {
    if (document["schema"] !== 1 || document["engine"] !== "0.1") {
      throw new NoText("no CALL sets the version of a document");
    }
    const frame = this.#node(document["plan"], isLast);
    if (!isLast) this.written = null;
    return frame;
  }

  /** Writes what makes a node; gives the number of its frame. */
  #node(wire: Wire | undefined, isLast = false): number {
    const [node, fields] = tagOf(wire);
    const input = (): number => this.#node(fields["input"]);
    switch (node) {
      case "frame": {
        const frame = this.#handedIn[Number(fields["index"])];
        if (frame === undefined) throw new NoText("a frame that is not there has no item");
        return frame;
      }
      case "values":
        return this.#values(fields);
      case "scan_csv":
        known(fields, ["path", "paths", "options"]);
        return this.#step("PDXRCSV", [], [source(fields), json(fields["options"])]);
      case "count_csv":
        known(fields, ["path", "paths", "options"]);
        this.isCounted = true;
        return this.#step("PDXCNTC", [], [source(fields), json(fields["options"])]);
      case "sniff_csv":
        return this.#step("PDXSNIF", [], [text(fields["path"]), json(fields["options"])]);
      case "scan_prdx":
        return this.#step("PDXRPRX", [], [text(fields["path"])]);
      case "sql":
        return this.#sql(fields);
      case "select":
      case "with_columns":
        known(fields, ["input", "columns"]);
        return this.#asking(node === "select" ? "PDXSEL" : "PDXWITH", input(), [
          items(fields["columns"]),
        ]);
      case "filter":
        return this.#asking("PDXFILT", input(), [filterText(fields["predicate"])]);
      case "aggregate":
        return this.#aggregate(fields, input());
      case "sort":
        return this.#asking("PDXSORT", input(), [sortKeys(fields["by"])]);
      case "join":
        return this.#step(
          "PDXJOIN",
          [this.#node(fields["left"]), this.#node(fields["right"])],
          [joinKeys(fields["on"]), text(fields["how"]), text(fields["suffix"])],
        );
      default:
        return this.#plain(node, fields, isLast);
    }
  }

  /** Steps without expressions. */
  #plain(node: string, fields: Fields, isLast: boolean): number {
    const input = (): number => this.#node(fields["input"]);
    switch (node) {
      case "limit": {
        known(fields, ["input", "count", "offset"]);
        const count = BigInt((fields["count"] ?? -1) as number);
        const offset = BigInt((fields["offset"] ?? 0) as number);
        return this.#step("PDXLIM", [input()], [], [count, offset]);
      }
      case "tail":
        return this.#step("PDXTAIL", [input()], [], [BigInt(fields["count"] as number)]);
      case "distinct":
        return this.#step("PDXDIST", [input()], [names(fields["columns"] ?? [])]);
      case "rename":
        return this.#step("PDXREN", [input()], [renamings(fields["columns"])]);
      case "drop":
        return this.#step("PDXDROP", [input()], [names(fields["columns"])]);
      case "describe":
        return this.#step("PDXDESC", [input()], []);
      case "union":
        return this.#union(fields);
      case "write_csv":
      case "write_prdx":
        return this.#write(node, fields, isLast);
      default:
        throw new NoText(`no CALL makes the step ${node}`);
    }
  }

  #aggregate(fields: Fields, input: number): number {
    const keys = fields["keys"] as readonly Wire[];
    const aggregates = items(fields["aggregates"]);
    if (keys.length === 0) return this.#asking("PDXAGG", input, [aggregates]);
    return this.#asking("PDXGRP", input, [items(keys), aggregates]);
  }

  #union(fields: Fields): number {
    const [first, ...others] = fields["inputs"] as readonly Wire[];
    if (first === undefined || others.length === 0) {
      throw new NoText("PDXUNIO takes two tables");
    }
    return others.reduce<number>(
      (before, other) => this.#step("PDXUNIO", [before, this.#node(other)], []),
      this.#node(first),
    );
  }

  #write(node: string, fields: Fields, isLast: boolean): number {
    const input = this.#node(fields["input"]);
    const path = text(fields["path"]);
    if (node === "write_prdx") this.#put("PDXWPRX", { frames: [input], texts: [path] });
    else {
      this.#put("PDXWCSV", { frames: [input], texts: [path, json(fields["options"])] });
    }
    this.written = path;
    if (!isLast) return 0;
    return input;
  }

  #sql(fields: Fields): number {
    const tables = Object.entries((fields["tables"] ?? {}) as Fields).map(
      ([name, node]) => [name, this.#node(node)] as const,
    );
    for (const [name, frame] of tables) this.#put("TABLE", { texts: [name], frames: [frame] });
    return this.#asking("PDXSQL", null, [text(fields["query"])]);
  }

  /** A table written out is a file that the program reads. */
  #values(fields: Fields): number {
    const columns = fields["columns"] as readonly Fields[];
    if (columns.length === 0) throw new NoText("a file has at least one column");
    const rowCount = new Set(columns.map(({ values }) => (values as readonly Wire[]).length));
    if (rowCount.size !== 1) throw new NoText("a file's records have all their fields");
    const lines = [columns.map(({ name }) => quoteName(String(name)))];
    for (let row = 0; row < Math.max(...rowCount); row += 1) {
      lines.push(columns.map((column) => field(column, row)));
    }
    this.#files += 1;
    const path = join(this.#folder, `table_${this.#files}.csv`);
    writeFileSync(path, lines.map((line) => `${line.join(",")}\n`).join(""));
    const schema = Object.fromEntries(
      columns.map(({ name, dtype }) => [String(name), isNested(dtype) ? "utf8" : dtype]),
    );
    const options = JSON.stringify({ schema, null_values: ["NULL"] });
    const read = this.#step("PDXRCSV", [], [path, options]);
    const nested = columns.filter(({ dtype }) => isNested(dtype));
    if (nested.length === 0) return read;
    // Lists and structs come as JSON text.
    const casts = nested.map(({ name, dtype }) => {
      const column = quoteName(String(name));
      return `cast(${column} as ${typeText(String(dtype))}) as ${column}`;
    });
    return this.#asking("PDXWITH", read, [casts.join(", ")]);
  }

  /** A step whose texts may hold parameters: their values come with it. */
  #asking(verb: string, frame: number | null, texts: readonly string[]): number {
    const used = texts.flatMap(parametersOf).filter((name) => Object.hasOwn(this.#params, name));
    this.#lastAsking = this.records.length;
    for (const name of new Set(used)) this.#param(name);
    return this.#step(verb, frame === null ? [] : [frame], texts);
  }

  /** Values that no text uses go to the last step that takes some. */
  #giveUnused(): void {
    if (this.#unused.size === 0) return;
    if (this.#lastAsking === null) throw new NoText("no step here takes values");
    const behind = this.records.splice(this.#lastAsking);
    for (const name of [...this.#unused]) this.#param(name);
    this.records.push(...behind);
  }

  #param(name: string): void {
    this.#unused.delete(name);
    const wire = this.#params[name] ?? "null";
    if (wire === "null") {
      this.#put("PARAM", { texts: [name, "null", ""] });
      return;
    }
    const [dtype, value] = tagOf(wire);
    const shown = String(value);
    if (Buffer.byteLength(shown) > 256) throw new NoText("a value has at most 256 bytes");
    const exactLength = dtype === "utf8" ? Buffer.byteLength(shown) : 0;
    this.#put("PARAM", { texts: [name, dtype, shown], exactLength });
  }

  #step(
    verb: string,
    frames: readonly number[],
    texts: readonly string[],
    counts: readonly bigint[] = [],
  ): number {
    this.#last += 1;
    if (this.#last > FRAMES_MAX) throw new NoText("the adapter holds at most 400 frames");
    this.#put(verb, { frames, texts, counts, result: this.#last });
    return this.#last;
  }

  #put(verb: string, { texts, frames, counts, result, exactLength }: Command): void {
    const record = Buffer.alloc(RECORD_BYTES, " ");
    record.write(verb, 0);
    [0, 1].forEach((i) => record.writeInt32LE(frames?.[i] ?? 1, 8 + i * 4));
    record.writeInt32LE(result ?? 1, 16);
    for (let i = 0; i < TEXTS; i += 1) {
      const bytes = Buffer.from(texts?.[i] ?? "");
      if (bytes.length > TEXT_BYTES) throw new NoText("a text has at most 8000 bytes here");
      const length = i === 2 && exactLength !== undefined ? exactLength : bytes.length;
      record.writeInt32LE(length, 20 + i * 4);
      bytes.copy(record, HEAD_BYTES + i * TEXT_BYTES);
    }
    [0, 1].forEach((i) => record.writeBigInt64LE(counts?.[i] ?? 0n, 32 + i * 8));
    this.records.push(record);
  }
}

const text = (wire: Wire | undefined): string => String(wire ?? "");
/** A path, or a list of paths as JSON. */
const source = (fields: Fields): string => json(fields["paths"]) || text(fields["path"]);
const json = (wire: Wire | undefined): string => (wire === undefined ? "" : JSON.stringify(wire));

/** A filter's text as the case has it, so that an error's place is that of the case. */
function filterText(wire: Wire | undefined): string {
  const [tag, fields] = tagOf(wire);
  return tag === "text" ? String(fields) : expression(wire);
}

/** A field of a file: text in quotes, null bare. */
function field({ values, dtype }: Fields, row: number): string {
  const value = (values as readonly (string | null)[])[row] ?? null;
  if (value === null) return "NULL";
  const isText = dtype === "utf8" || dtype === "dictionary" || isNested(dtype);
  return isText ? `"${value.replaceAll('"', '""')}"` : value;
}

const isNested = (dtype: Wire | undefined): boolean => /^(?:list|struct)\(/.test(String(dtype));

function known(fields: Fields, allowed: readonly string[]): void {
  const strange = Object.keys(fields).find((name) => !allowed.includes(name));
  if (strange !== undefined) throw new NoText(`no CALL has an item for ${strange}`);
}
