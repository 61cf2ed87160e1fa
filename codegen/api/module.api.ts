// The functions of the module itself: where tables come from.

import type { DataFrame, LazyFrame } from "./frame.api.js";
import type { CollectOptions, CsvReadOptions, SqlOptions, ValuesOptions } from "./options.api.js";
import type { Bytes, ColumnValues, Frame, Path, Step, Text } from "./types.api.js";

/** The front door: what an import of PardoX gives. @role module */
export interface Module {
  /**
   * Reads a CSV file whole into a frame.
   *
   * Types are inferred from every value of a column, unless `schema` names them. Fixed-width
   * columns are contiguous in memory.
   *
   * @param path - The file.
   * @param options - How to read it.
   * @param collect - How the work is run.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors not_found, field_count, unterminated_quote, stray_quote, invalid_utf8, bad_value,
   *   invalid_option
   * @example const df = await px.readCsv("sales.csv", { delimiter: ";" });
   * @node scan_csv
   * @runs
   * @name go ReadCSV
   * @name cobol PDXRCSV
   */
  readCsv(path: Path, options?: CsvReadOptions, collect?: CollectOptions): Promise<DataFrame>;

  /**
   * Reads a CSV file whole into a frame and blocks until it is done.
   *
   * @param path - The file.
   * @param options - How to read it.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors not_found, field_count, unterminated_quote, stray_quote, invalid_utf8, bad_value,
   *   invalid_option
   * @example const df = px.readCsvSync("sales.csv");
   * @node scan_csv
   * @runs
   * @only ts
   */
  readCsvSync(path: Path, options?: CsvReadOptions): DataFrame;

  /**
   * Names a CSV file without reading it: steps gather on a lazy frame until `collect`.
   *
   * @param path - The file.
   * @param options - How to read it.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors invalid_option: the file itself is looked at when the plan runs
   * @example const lazy = px.scanCsv("sales.csv").filter("price > 10");
   * @node scan_csv
   * @primary
   * @name go ScanCSV
   * @except cobol every call runs at once; PDXRCSV reads
   */
  scanCsv(path: Path, options?: CsvReadOptions): LazyFrame;

  /**
   * Finds how to read a CSV file, as its bytes tell: a frame of one row.
   *
   * A column for each option found (`delimiter`, `quote`, `escape`, `comment`, `skip_lines`,
   * `header`, `encoding`, `decimal`, `thousands`, `date_order`, `trim`), then `columns` (their
   * number), `confidence` (0 to 1) and `doubt` (what else may be meant, for people).
   *
   * @param path - The file.
   * @param options - What is known already; options that are not given are found.
   * @param collect - How the work is run.
   * @nulls `quote`, `escape`, `comment` and `thousands` are null where the file has none, `doubt`
   *   where nothing speaks for another reading.
   * @errors not_found, invalid_option
   * @example const found = await px.sniffCsv("sales.csv");
   * @node sniff_csv
   * @runs
   * @primary
   * @name go SniffCSV
   * @name cobol PDXSNIF
   */
  sniffCsv(path: Path, options?: CsvReadOptions, collect?: CollectOptions): Promise<DataFrame>;

  /**
   * Finds how to read a CSV file and blocks until it is done.
   *
   * @param path - The file.
   * @param options - What is known already; options that are not given are found.
   * @nulls `quote`, `escape`, `comment` and `thousands` are null where the file has none, `doubt`
   *   where nothing speaks for another reading.
   * @errors not_found, invalid_option
   * @example const found = px.sniffCsvSync("sales.csv");
   * @node sniff_csv
   * @runs
   * @only ts
   */
  sniffCsvSync(path: Path, options?: CsvReadOptions): DataFrame;

  /**
   * Opens a `.prdx` file: its columns are mapped, and read when they are touched.
   *
   * @param path - The file.
   * @param collect - How the work is run.
   * @nulls As they were written.
   * @errors not_found, corrupt_file, unsupported_version
   * @example const df = await px.readPrdx("sales.prdx");
   * @node scan_prdx
   * @runs
   * @name cobol PDXRPRX
   */
  readPrdx(path: Path, collect?: CollectOptions): Promise<DataFrame>;

  /**
   * Opens a `.prdx` file and blocks until it is done.
   *
   * @param path - The file.
   * @nulls As they were written.
   * @errors not_found, corrupt_file, unsupported_version
   * @example const df = px.readPrdxSync("sales.prdx");
   * @node scan_prdx
   * @runs
   * @only ts
   */
  readPrdxSync(path: Path): DataFrame;

  /**
   * Names a `.prdx` file without opening it: steps gather on a lazy frame until `collect`.
   *
   * @param path - The file.
   * @nulls As they were written.
   * @errors none: the file is looked at when the plan runs
   * @example const lazy = px.scanPrdx("sales.prdx").head(3);
   * @node scan_prdx
   * @primary
   * @except cobol every call runs at once; PDXRPRX opens
   */
  scanPrdx(path: Path): LazyFrame;

  /**
   * Asks in SQL: one `select` statement over named tables.
   *
   * @param query - The statement; values enter as `:name` parameters only.
   * @param options - The tables that it names, and values for its parameters.
   * @nulls Three-valued logic, as everywhere.
   * @errors syntax, unknown_table, unknown_column, unknown_function, parameter, type_mismatch
   * @example px.sql("select region, sum(price) from sales group by region", {
   *   tables: { sales: df },
   * });
   * @node sql
   * @name go SQL
   * @name cobol PDXSQL
   */
  sql(query: Text, options?: SqlOptions): Step;

  /**
   * Makes a frame of values at hand.
   *
   * @param columns - Values by column name; every column has the same length.
   * @param options - Types, where they should not follow from the values.
   * @nulls The language's own null is null; a column of nulls alone is utf8 unless `schema` says.
   * @errors bad_value, type_mismatch, invalid_argument
   * @example const df = px.fromColumns({ region: ["north", "south"], price: [12.5, null] });
   * @node values
   * @runs
   * @except cobol tables come from files; a program writes records, not columns
   */
  fromColumns(columns: ColumnValues, options?: ValuesOptions): DataFrame;

  /**
   * All rows of all frames, one after the other; names and types must agree.
   *
   * @param frames - The frames, at least one.
   * @nulls Kept.
   * @errors type_mismatch, unknown_column, invalid_argument
   * @example px.concat(df, other);
   * @node union
   * @wire frames inputs
   * @except cobol PDXUNIO takes two frames
   */
  concat(...frames: Frame[]): Step;

  /**
   * Makes a frame of Arrow IPC bytes in stream form.
   *
   * @param bytes - The bytes; they are copied.
   * @errors corrupt_file, unsupported
   * @example const copy = px.fromArrow(df.toArrow());
   * @native pardox_frame_from_ipc
   * @except cobol Arrow bytes have no use there
   */
  fromArrow(bytes: Bytes): DataFrame;

  /**
   * The version of the native library.
   *
   * @errors none
   * @example px.version();
   * @native pardox_library_version pardox_abi_version
   * @name cobol PDXVERS
   */
  version(): Text;

  /**
   * Cancels all work and ends the library's threads; every later call is refused.
   *
   * @errors none
   * @example px.shutdown();
   * @native pardox_shutdown
   * @name cobol PDXSHUT
   */
  shutdown(): void;
}
