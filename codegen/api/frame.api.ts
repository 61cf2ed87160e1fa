// Frames: the steps that eager and lazy frames share, and what each has of its own.

import type { Column } from "./column.api.js";
import type {
  CollectOptions,
  CsvWriteOptions,
  DisplayOptions,
  JoinOptions,
  SortOptions,
} from "./options.api.js";
import type {
  Bytes,
  ColumnDefinition,
  ColumnName,
  ColumnNames,
  Count,
  Expression,
  Frame,
  Item,
  Params,
  Path,
  Renamings,
  Rows,
  Shape,
  SortKeys,
  Step,
  Text,
  WriteReport,
} from "./types.api.js";

/** The steps that a DataFrame and a LazyFrame share. @role steps */
export interface FrameSteps {
  /**
   * Keeps or computes columns: the result has just these.
   *
   * @param columns - Columns in order: names, expressions, or names with their expressions.
   * @nulls Kept.
   * @errors unknown_column, duplicate_column, type_mismatch
   * @example df.select("region", { total: px.col("price").mul(px.col("quantity")) });
   * @node select
   * @name cobol PDXSEL
   */
  select(...columns: Item[]): Step;

  /**
   * Adds columns, or replaces those of the same name.
   *
   * @param columns - Names with their expressions, or expressions that have a name.
   * @nulls As the expressions make them.
   * @errors unknown_column, duplicate_column, type_mismatch, overflow, division_by_zero, bad_cast
   * @example df.withColumns({ total: px.col("price").mul(px.col("quantity")) });
   * @node with_columns
   * @name cobol PDXWITH
   */
  withColumns(...columns: Item[]): Step;

  /**
   * Keeps the rows for which the predicate is true.
   *
   * @param predicate - A bool expression, or text such as `price > :low`.
   * @param params - Values for `:name` in the predicate.
   * @nulls A row whose predicate is null is left out, as one whose predicate is false.
   * @errors unknown_column, type_mismatch, syntax, parameter
   * @example df.filter("price > :low", { low: 10 });
   * @node filter
   * @wire params beside
   * @name cobol PDXFILT
   */
  filter(predicate: Expression, params?: Params): Step;

  /**
   * Groups rows by keys; `agg` on the result says what to compute for each group.
   *
   * @param keys - Columns or expressions to group by.
   * @nulls Null is a group of its own.
   * @errors unknown_column
   * @example df.groupBy("region").agg({ total: px.sum("price") });
   * @opens GroupBy
   * @name python groupby
   * @except cobol PDXGRP takes the keys and the aggregates at once
   */
  groupBy(...keys: Item[]): GroupBy;

  /**
   * Computes aggregates of the whole table: the result has one row.
   *
   * @param aggregates - Names with their aggregates.
   * @nulls Skipped by the aggregates; the aggregate of nothing is null, a count of nothing 0.
   * @errors unknown_column, type_mismatch, overflow
   * @example df.agg({ total: px.sum("price"), n: px.count() });
   * @node aggregate
   * @fixed keys []
   * @name cobol PDXAGG
   */
  agg(...aggregates: Item[]): Step;

  /**
   * Combines the rows of two tables whose keys are equal; the order of this table is kept.
   *
   * @param other - The table looked up.
   * @param options - The keys, which rows to keep, and the suffix of clashing names.
   * @nulls A null key matches nothing; left rows without a match have nulls for the right columns.
   * @errors unknown_column, duplicate_column, type_mismatch
   * @example df.join(other, { on: ["region"], how: "left" });
   * @node join
   * @receiver left
   * @wire other right
   * @name cobol PDXJOIN
   */
  join(other: Frame, options: JoinOptions): Step;

  /**
   * Orders rows; rows with equal keys keep their order.
   *
   * @param by - Keys, the most significant first.
   * @param options - Direction and place of nulls for keys that do not say it themselves.
   * @nulls Last in either direction, unless asked for first. NaN is after all numbers.
   * @errors unknown_column
   * @example df.sort("price", { descending: true });
   * @node sort
   * @wire options by[]
   * @name cobol PDXSORT
   */
  sort(by: SortKeys, options?: SortOptions): Step;

  /**
   * Skips rows, then keeps at most some.
   *
   * @param count - Rows to keep; null keeps all.
   * @param offset - Rows to skip.
   * @default offset 0
   * @nulls Kept.
   * @errors none
   * @example df.limit(10, 20);
   * @node limit
   * @primary
   * @name cobol PDXLIM
   */
  limit(count: Count | null, offset?: Count): Step;

  /**
   * Keeps the first rows.
   *
   * @param count - Rows to keep.
   * @default count 5
   * @nulls Kept.
   * @errors none
   * @example df.head(3);
   * @node limit
   * @name cobol PDXHEAD
   */
  head(count?: Count): Step;

  /**
   * Keeps the last rows.
   *
   * @param count - Rows to keep.
   * @default count 5
   * @nulls Kept.
   * @errors none
   * @example df.tail(3);
   * @node tail
   * @name cobol PDXTAIL
   */
  tail(count?: Count): Step;

  /**
   * Keeps the first row of each distinct combination of values.
   *
   * @param columns - Columns to compare; null compares all.
   * @default columns null
   * @nulls Null equals null, and NaN equals NaN.
   * @errors unknown_column
   * @example df.distinct(["region"]);
   * @node distinct
   * @name cobol PDXDIST
   */
  distinct(columns?: ColumnNames | null): Step;

  /**
   * The rows of this table, then those of the others; names and types must agree.
   *
   * @param others - The tables that follow.
   * @nulls Kept.
   * @errors type_mismatch, unknown_column
   * @example df.union(other);
   * @node union
   * @receiver inputs[0]
   * @wire others inputs
   * @primary
   * @name cobol PDXUNIO
   */
  union(...others: Frame[]): Step;

  /**
   * Gives columns other names.
   *
   * @param columns - New names by old name.
   * @nulls Kept.
   * @errors unknown_column, duplicate_column
   * @example df.rename({ price: "price_eur" });
   * @node rename
   * @name cobol PDXREN
   */
  rename(columns: Renamings): Step;

  /**
   * Leaves columns out.
   *
   * @param columns - Columns to leave out.
   * @nulls Kept.
   * @errors unknown_column
   * @example df.drop("quantity");
   * @node drop
   * @name cobol PDXDROP
   */
  drop(...columns: ColumnName[]): Step;

  /**
   * Count, nulls, mean, deviation, extremes and quartiles of each column, as a table.
   *
   * @nulls Counted apart; the figures skip them.
   * @errors none
   * @example df.describe();
   * @node describe
   * @name cobol PDXDESC
   */
  describe(): Step;

  /**
   * Writes the rows as CSV; the file is complete or not there.
   *
   * @param path - The file.
   * @param options - How to write it.
   * @nulls Written as `nullValue`, by default the empty field.
   * @errors permission_denied, disk_full, not_found, invalid_option, bad_value
   * @example await df.toCsv("out.csv", { delimiter: ";" });
   * @node write_csv
   * @runs
   * @primary
   * @name go ToCSV
   * @name cobol PDXWCSV
   */
  toCsv(path: Path, options?: CsvWriteOptions): Promise<WriteReport>;

  /**
   * Writes the rows as CSV and blocks until it is done.
   *
   * @param path - The file.
   * @param options - How to write it.
   * @nulls Written as `nullValue`, by default the empty field.
   * @errors permission_denied, disk_full, not_found, invalid_option, bad_value
   * @example df.toCsvSync("out.csv");
   * @node write_csv
   * @runs
   * @only ts
   */
  toCsvSync(path: Path, options?: CsvWriteOptions): WriteReport;

  /**
   * Writes the rows as `.prdx`; the file is complete or not there.
   *
   * @param path - The file.
   * @nulls Kept.
   * @errors permission_denied, disk_full, not_found
   * @example await df.toPrdx("out.prdx");
   * @node write_prdx
   * @runs
   * @primary
   * @name cobol PDXWPRX
   */
  toPrdx(path: Path): Promise<WriteReport>;

  /**
   * Writes the rows as `.prdx` and blocks until it is done.
   *
   * @param path - The file.
   * @nulls Kept.
   * @errors permission_denied, disk_full, not_found
   * @example df.toPrdxSync("out.prdx");
   * @node write_prdx
   * @runs
   * @only ts
   */
  toPrdxSync(path: Path): WriteReport;
}

/** Rows grouped by keys. @role group */
export interface GroupBy {
  /** What the rows are grouped by. @holds keys */
  readonly keys: readonly Item[];

  /**
   * Computes aggregates for each group, in order of the groups' first appearance.
   *
   * @param aggregates - Names with their aggregates.
   * @nulls Skipped by the aggregates; the aggregate of nothing is null, a count of nothing 0.
   * @errors unknown_column, duplicate_column, type_mismatch, overflow
   * @example df.groupBy("region").agg({ total: px.sum("price"), n: px.count() });
   * @node aggregate
   * @primary
   * @name cobol PDXGRP
   */
  agg(...aggregates: Item[]): Step;
}

/** A table in memory. @role frame */
export interface DataFrame extends FrameSteps {
  /**
   * Number of rows and of columns.
   *
   * @errors released_handle
   * @example df.shape;
   * @native pardox_frame_shape
   * @name cobol PDXSHAP
   */
  readonly shape: Shape;

  /**
   * Names of the columns, in order.
   *
   * @errors released_handle
   * @example df.columns;
   * @native pardox_frame_schema
   * @except cobol PDXSCHM gives names and types
   */
  readonly columns: ColumnNames;

  /**
   * Names and types of the columns, in order.
   *
   * @errors released_handle
   * @example df.schema;
   * @native pardox_frame_schema pardox_bytes_view pardox_bytes_copy
   * @name cobol PDXSCHM
   */
  readonly schema: readonly ColumnDefinition[];

  /**
   * One column.
   *
   * @param name - Its name.
   * @errors unknown_column, released_handle
   * @example df.column("price");
   * @native pardox_frame_column
   * @except cobol rows are fetched as records
   */
  column(name: ColumnName): Column;

  /**
   * All rows as the host's own records. For large tables read columns instead.
   *
   * @errors released_handle
   * @example df.toObjects();
   * @native pardox_column_copy pardox_column_copy_text
   * @name php toArray
   * @name go Records
   * @name python to_dicts
   * @except cobol rows are fetched as records
   */
  toObjects(): Rows;

  /**
   * The text table that every language prints: shape, names, types, first and last rows.
   *
   * @param options - Width and number of rows.
   * @errors released_handle, invalid_option
   * @example df.display({ rows: 20 });
   * @native pardox_frame_display
   * @name cobol PDXDISP
   */
  display(options?: DisplayOptions): Text;

  /**
   * The records that reading CSV files set aside: file, record, line, byte offset, column, text and
   * reason of each. Null where there are none.
   *
   * A table that a plan computed has those of all files that the plan read, and of its tables.
   *
   * @errors released_handle
   * @example df.quarantine();
   * @native pardox_frame_attached
   * @name cobol PDXQUAR
   */
  quarantine(): DataFrame | null;

  /**
   * How often reading CSV files met a fault and went on, by reason and by what was done. Null where
   * nothing was wrong.
   *
   * @errors released_handle
   * @example df.faults();
   * @native pardox_frame_attached
   * @name cobol PDXFLTS
   */
  faults(): DataFrame | null;

  /**
   * The table as Arrow IPC bytes, in stream form.
   *
   * @errors released_handle, limit_exceeded
   * @example df.toArrow();
   * @native pardox_frame_to_ipc
   * @except cobol Arrow bytes have no use there
   */
  toArrow(): Bytes;

  /**
   * A lazy frame on this table: steps gather until `collect`.
   *
   * @errors released_handle
   * @example df.lazy().filter("price > 10");
   * @hand
   * @except cobol every call runs at once
   */
  lazy(): LazyFrame;

  /**
   * Gives the memory back, once nothing else uses it; a second close does nothing.
   *
   * @errors none
   * @example df.close();
   * @native pardox_release
   * @name cobol PDXCLOS
   */
  close(): void;
}

/** A table that is yet to be computed: steps gather until `collect`. @role lazy */
export interface LazyFrame extends FrameSteps {
  /**
   * Runs the plan.
   *
   * @param options - How the work is run, watched and cancelled.
   * @errors cancelled, limit_exceeded, unknown_column, overflow
   * @example const df = await lazy.collect();
   * @native pardox_plan_parse pardox_collect pardox_operation_wait
   *   pardox_operation_progress pardox_operation_cancel pardox_operation_result
   * @except cobol every call runs at once
   */
  collect(options?: CollectOptions): Promise<DataFrame>;

  /**
   * Runs the plan and blocks until it is done.
   *
   * @param options - How the work is run.
   * @errors limit_exceeded, unknown_column, overflow
   * @example const df = lazy.collectSync();
   * @native pardox_collect
   * @only ts
   */
  collectSync(options?: CollectOptions): DataFrame;

  /**
   * The plan as it will run, as text.
   *
   * @param params - Values for `:name` and `param` in the plan.
   * @errors unknown_column, type_mismatch, syntax
   * @example lazy.explain();
   * @native pardox_plan_explain
   * @except cobol every call runs at once
   */
  explain(params?: Params): Text;

  /**
   * Names and types of the result, without running the plan.
   *
   * @param params - Values for `:name` and `param` in the plan.
   * @errors unknown_column, type_mismatch, syntax
   * @example lazy.schema();
   * @native pardox_plan_schema
   * @except cobol every call runs at once
   */
  schema(params?: Params): readonly ColumnDefinition[];
}
