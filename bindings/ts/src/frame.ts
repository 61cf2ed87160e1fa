// Frames: a DataFrame is a table in memory, a LazyFrame the plan of one. Both have the same steps;
// each step gives a LazyFrame, and nothing runs until it is awaited or collected.

import { inspect } from "node:util";
import { type CellOptions, CellReader, CHUNK_ROWS } from "./cells.js";
import { Column } from "./column.js";
import { PardoxError } from "./error.js";
import { Handle } from "./handle.js";
import { native, takeBytes, takeText } from "./library.js";
import { answer, answerSync, type Literals, literals, merged, withPlan } from "./operation.js";
import {
  type CollectOptions,
  type ColumnDefinition,
  CsvReadOptionsFields,
  type CsvSniff,
  type DisplayOptions,
  DisplayOptionsFields,
  FrameSteps,
  GroupSteps,
  type Params,
  type Value,
  type WriteReport,
} from "./operations.gen.js";
import { options as wireOptions, text, WIRE, whole, type WireNode } from "./wire.js";

/** A row: values by column name. */
export type Row = Readonly<Record<string, Value>>;

type Step = (node: WireNode, params?: Params, others?: readonly FrameSteps[]) => LazyFrame;

/** A table in memory. */
export class DataFrame extends FrameSteps {
  /** @internal */
  readonly [WIRE]: WireNode;
  readonly #handle: Handle;
  #schema: readonly ColumnDefinition[] | undefined;

  /** Made by `readCsv`, `collect` and their like. @internal */
  constructor(handle: Handle) {
    super();
    this.#handle = handle;
    this[WIRE] = { frame: handle };
  }

  /** Number of rows and of columns. */
  get shape(): readonly [rows: number, columns: number] {
    const { rowCount, columnCount } = native().frameShape(this.#handle.value);
    return [rowCount, columnCount];
  }

  /** Names of the columns, in order. */
  get columns(): readonly string[] {
    return this.schema.map(({ name }) => name);
  }

  /** Names and types of the columns, in order. */
  get schema(): readonly ColumnDefinition[] {
    const handle = this.#handle.value;
    this.#schema ??= JSON.parse(takeText(native().frameSchema(handle))) as ColumnDefinition[];
    return this.#schema;
  }

  /**
   * One column.
   *
   * @param name - Its name.
   */
  column(name: string): Column {
    const index = this.columns.indexOf(text(name, "name"));
    // A plan that selects what is missing is refused in the engine's own words, the nearest named.
    if (index < 0) this.select(name).schema();
    return this.#columnAt(index);
  }

  #columnAt(index: number): Column {
    const { name, dtype } = this.schema[index]!;
    return new Column(this.#columnHandle(index), name, dtype);
  }

  #columnHandle(index: number): Handle {
    return new Handle(native().frameColumn(this.#handle.value, index), "column");
  }

  /**
   * All rows as objects. For large tables read columns instead.
   *
   * @param options - Which values stand for 64-bit integers and moments.
   */
  toObjects(options?: CellOptions): Row[] {
    return [...this.rows(options)];
  }

  /**
   * The rows one after the other; some thousand are copied at a time. `for (const row of df)` is
   * the same.
   *
   * @param options - Which values stand for 64-bit integers and moments.
   */
  *rows(options?: CellOptions): Generator<Row, void, undefined> {
    for (const chunk of this.#chunks(options)) yield* chunk;
  }

  [Symbol.iterator](): Generator<Row, void, undefined> {
    return this.rows();
  }

  /**
   * The rows in batches; between two of them the event loop goes on. The same is
   * `for await (const batch of df)`.
   *
   * @param rowCount - Rows in a batch; the last one may have fewer.
   * @param options - Which values stand for 64-bit integers and moments.
   */
  async *batches(
    rowCount: number = CHUNK_ROWS,
    options?: CellOptions,
  ): AsyncGenerator<readonly Row[], void, undefined> {
    if (whole(rowCount, "rowCount") === 0) {
      throw new PardoxError("invalid_argument", "expected at least one row in a batch, found 0");
    }
    let batch: Row[] = [];
    for (const chunk of this.#chunks(options)) {
      for (const row of chunk) {
        batch.push(row);
        if (batch.length < rowCount) continue;
        yield batch;
        batch = [];
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (batch.length > 0) yield batch;
  }

  [Symbol.asyncIterator](): AsyncGenerator<readonly Row[], void, undefined> {
    return this.batches();
  }

  /** Rows as they are copied. The columns are held here, so a frame may be closed meanwhile. */
  *#chunks(options?: CellOptions): Generator<Row[], void, undefined> {
    const columns = this.schema;
    const [rowCount] = this.shape;
    const handles = columns.map((_, index) => this.#columnHandle(index));
    try {
      const readers = columns.map(
        ({ name, dtype }, index) => new CellReader(handles[index]!, name, dtype, options),
      );
      const waiting = columns.map((): Value[] => []);
      const names = columns.map(({ name }) => name);
      for (let row = 0; row < rowCount;) {
        // A text column may give fewer rows than the others: what they have more waits.
        waiting.forEach((cells, index) => {
          if (cells.length === 0) waiting[index] = readers[index]!.chunk(row);
        });
        const count = Math.min(rowCount - row, ...waiting.map((cells) => cells.length));
        if (count === 0) throw new PardoxError("internal", `expected rows behind ${row}`);
        yield rowsOf(names, waiting, count);
        waiting.forEach((cells, index) => {
          waiting[index] = cells.slice(count);
        });
        row += count;
      }
    } finally {
      for (const handle of handles) handle.close();
    }
  }

  /**
   * The text table that every language prints: shape, names, types, first and last rows.
   *
   * @param options - Width and number of rows.
   */
  display(options?: DisplayOptions): string {
    const given = wireOptions("DisplayOptions", options, DisplayOptionsFields);
    return takeText(native().frameDisplay(this.#handle.value, JSON.stringify(given)));
  }

  /** The same as `display()`. */
  override toString(): string {
    return this.display();
  }

  /** What a console prints: the table, whose last newline the console itself adds. */
  [inspect.custom](): string {
    return this.#handle.isClosed ? "DataFrame (closed)" : this.display().replace(/\n$/, "");
  }

  /**
   * What `JSON.stringify` writes: the rows. JSON has no bigint, so an int64 beyond 2^53 is refused.
   */
  toJSON(): Row[] {
    return this.toObjects({ integers: "number" });
  }

  /**
   * The records that reading CSV files set aside: file, record, line, byte offset, column, text and
   * reason of each. Null where there are none; else a frame of its own.
   */
  quarantine(): DataFrame | null {
    return this.#attached("quarantine");
  }

  /**
   * How often reading CSV files met a fault and went on, by reason and by what was done. Null where
   * nothing was wrong; else a frame of its own.
   */
  faults(): DataFrame | null {
    return this.#attached("counts");
  }

  #attached(name: string): DataFrame | null {
    const value = native().frameAttached(this.#handle.value, name);
    return value === 0 ? null : new DataFrame(new Handle(value, "frame"));
  }

  /** The table as Arrow IPC bytes, in stream form. */
  toArrow(): Uint8Array {
    return takeBytes(native().frameToIpc(this.#handle.value));
  }

  /** A lazy frame on this table: steps gather until `collect`. */
  lazy(): LazyFrame {
    void this.#handle.value;
    return new LazyFrame(this[WIRE], {});
  }

  /** Gives the memory back, once nothing else uses it; a second close does nothing. */
  close(): void {
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  protected override step(...[node, params, others]: Parameters<Step>): LazyFrame {
    return lazy(node, params, others);
  }

  protected override write(node: WireNode): Promise<WriteReport> {
    return report(node, {});
  }

  protected override writeSync(node: WireNode): WriteReport {
    return reportOf(answerSync(node, {}));
  }

  protected override group(keys: readonly unknown[]): GroupBy {
    return new GroupBy(this[WIRE], keys, (...step) => this.step(...step));
  }
}

/**
 * A table that is yet to be computed: steps gather until `collect`, or until it is awaited, which
 * is the same. Each await runs it anew, and an async function that returns one has it run.
 */
export class LazyFrame extends FrameSteps implements PromiseLike<DataFrame> {
  /** @internal */
  readonly [WIRE]: WireNode;
  readonly #params: Literals;

  /** Made by `scanCsv` and by the steps of other frames. @internal */
  constructor(node: WireNode, params: Literals) {
    super();
    this[WIRE] = node;
    this.#params = params;
  }

  /** Values of the parameters in this plan. @internal */
  static params(frame: FrameSteps): Literals {
    return frame instanceof LazyFrame ? frame.#params : {};
  }

  /**
   * Runs the plan off the event loop.
   *
   * @param options - How the work is run, watched and cancelled.
   */
  async collect(options?: CollectOptions): Promise<DataFrame> {
    return new DataFrame(await answer(this[WIRE], this.#params, options));
  }

  /**
   * Runs the plan and blocks until it is done.
   *
   * @param options - How the work is run.
   */
  collectSync(options?: CollectOptions): DataFrame {
    return new DataFrame(answerSync(this[WIRE], this.#params, options));
  }

  /** Runs the plan: this is what `await` calls. */
  then<T = DataFrame, E = never>(
    fulfilled?: ((frame: DataFrame) => T | PromiseLike<T>) | null,
    rejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.collect().then(fulfilled, rejected);
  }

  /**
   * The plan as it will run, as text.
   *
   * @param params - Values for `:name` and `param` in the plan.
   */
  explain(params?: Params): string {
    const all = merged(this.#params, literals(params));
    return takeText(withPlan(this[WIRE], all, (...plan) => native().planExplain(...plan)));
  }

  /**
   * Names and types of the result, without running the plan.
   *
   * @param params - Values for `:name` and `param` in the plan.
   */
  schema(params?: Params): readonly ColumnDefinition[] {
    const all = merged(this.#params, literals(params));
    const found = takeText(withPlan(this[WIRE], all, (...plan) => native().planSchema(...plan)));
    return JSON.parse(found) as ColumnDefinition[];
  }

  /** Refuses `JSON.stringify`, which would write an empty object: nothing is computed yet. */
  toJSON(): never {
    throw new PardoxError("invalid_argument", "expected a DataFrame for JSON; await the LazyFrame");
  }

  /** What a console prints: the names of the steps, since looking must not run them. */
  [inspect.custom](): string {
    return `LazyFrame: ${stepNames(this[WIRE]).join(" > ")}`;
  }

  protected override step(...[node, params, others]: Parameters<Step>): LazyFrame {
    return lazy(node, params, [this, ...(others ?? [])]);
  }

  protected override write(node: WireNode): Promise<WriteReport> {
    return report(node, this.#params);
  }

  protected override writeSync(node: WireNode): WriteReport {
    return reportOf(answerSync(node, this.#params));
  }

  protected override group(keys: readonly unknown[]): GroupBy {
    return new GroupBy(this[WIRE], keys, (...step) => this.step(...step));
  }
}

/** Rows grouped by keys: `agg` says what to compute for each group. */
export class GroupBy extends GroupSteps {
  /** @internal */
  readonly [WIRE]: WireNode;
  protected override readonly keys: readonly unknown[];
  readonly #step: Step;

  /** Made by `groupBy`. @internal */
  constructor(node: WireNode, keys: readonly unknown[], step: Step) {
    super();
    this[WIRE] = node;
    this.keys = keys;
    this.#step = step;
  }

  protected override step(...step: Parameters<Step>): LazyFrame {
    return this.#step(...step);
  }
}

/** A lazy frame of that plan; `others` are the frames in it, whose parameters it takes over. */
export function lazy(
  node: WireNode,
  params?: Params,
  others: readonly FrameSteps[] = [],
): LazyFrame {
  const all = others.map((one) => LazyFrame.params(one)).reduce(merged, literals(params));
  return new LazyFrame(node, all);
}

/** Runs a plan off the event loop. */
export async function run(node: WireNode, options?: CollectOptions): Promise<DataFrame> {
  return new DataFrame(await answer(node, {}, options));
}

/** Runs a plan and blocks until it is done. */
export const runSync = (node: WireNode): DataFrame => new DataFrame(answerSync(node, {}));

/** Runs a plan that counts, off the event loop. */
export async function counted(node: WireNode, options?: CollectOptions): Promise<number> {
  return countOf(await run(node, options));
}

/** Runs a plan that counts, and blocks until it is done. */
export const countedSync = (node: WireNode): number => countOf(runSync(node));

/** The one value of a frame that counts. */
function countOf(given: DataFrame): number {
  using frame = given;
  const [row] = frame.toObjects({ integers: "number" });
  return Object.values(row!)[0] as number;
}

/** Runs a plan that sniffs, off the event loop. */
export async function sniffed(node: WireNode, options?: CollectOptions): Promise<CsvSniff> {
  return sniffOf(node, await run(node, options));
}

/** Runs a plan that sniffs, and blocks until it is done. */
export const sniffedSync = (node: WireNode): CsvSniff => sniffOf(node, runSync(node));

/** What was found, over what was given; a read with both takes them as they are. */
function sniffOf(node: WireNode, given: DataFrame): CsvSniff {
  using frame = given;
  const [row] = frame.toObjects({ integers: "number" });
  const { columns, confidence, doubt, ...found } = row!;
  const { options } = node["sniff_csv"] as { readonly options: Record<string, unknown> };
  const { dialect: _, ...sent } = options;
  const names = Object.entries(CsvReadOptionsFields);
  const named = Object.entries({ ...sent, ...found }).map(([wire, value]) => [
    names.find(([, other]) => other === wire)?.[0] ?? wire,
    value,
  ]);
  return { options: Object.fromEntries(named), columns, confidence, doubt } as unknown as CsvSniff;
}

/** Makes a frame of Arrow IPC bytes; a view of any memory that is no shared one. */
export const fromIpc = (bytes: Uint8Array): DataFrame =>
  new DataFrame(new Handle(native().frameFromIpc(bytes), "frame"));

async function report(node: WireNode, params: Literals): Promise<WriteReport> {
  return reportOf(await answer(node, params));
}

/** A write gives one row: path, rows, bytes. */
function reportOf(handle: Handle): WriteReport {
  using frame = new DataFrame(handle);
  const [row] = frame.toObjects({ integers: "number" });
  return row as unknown as WriteReport;
}

/** The first rows of columns of cells. Assignment to `__proto__` would make no column of it. */
function rowsOf(
  names: readonly string[],
  columns: readonly (readonly Value[])[],
  count: number,
): Row[] {
  const isPlain = !names.includes("__proto__");
  const rows: Row[] = [];
  for (let at = 0; at < count; at += 1) {
    if (isPlain) {
      const row: Record<string, Value> = {};
      for (let index = 0; index < names.length; index += 1) {
        row[names[index]!] = columns[index]![at]!;
      }
      rows.push(row);
    } else {
      rows.push(Object.fromEntries(names.map((name, index) => [name, columns[index]![at]!])));
    }
  }
  return rows;
}

/** The names of a plan's steps, from its source on along its first inputs. */
function stepNames(node: WireNode): readonly string[] {
  const names: string[] = [];
  for (let at: WireNode | undefined = node; at !== undefined;) {
    const [name, fields] = Object.entries(at)[0] as [string, Record<string, unknown>];
    names.unshift(name);
    const inputs = fields["inputs"] as readonly WireNode[] | undefined;
    at = (fields["input"] ?? fields["left"] ?? inputs?.[0]) as WireNode | undefined;
  }
  return names;
}
