// The functions of the module itself: where tables come from.

import type { DataFrame, LazyFrame } from "./frame.api.js";
import type { CollectOptions, CsvReadOptions, SqlOptions, ValuesOptions } from "./options.api.js";
import type {
  Bytes,
  ColumnValues,
  Count,
  CsvSniff,
  Frame,
  Path,
  Source,
  Step,
  Stream,
  Text,
} from "./types.api.js";

/** The front door: what an import of PardoX gives. @role module */
export interface Module {
  /**
   * Reads a CSV file whole into a frame.
   *
   * Types are inferred from every value of a column, unless `schema` names them. Fixed-width
   * columns are contiguous in memory.
   *
   * @param path - The file; also a pattern of files, or several of either, as one table.
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
  readCsv(path: Source, options?: CsvReadOptions, collect?: CollectOptions): Promise<DataFrame>;

  /**
   * Reads a CSV file whole into a frame and blocks until it is done.
   *
   * @param path - The file; also a pattern of files, or several of either, as one table.
   * @param options - How to read it.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors not_found, field_count, unterminated_quote, stray_quote, invalid_utf8, bad_value,
   *   invalid_option
   * @example const df = px.readCsvSync("sales.csv");
   * @node scan_csv
   * @runs
   * @only ts
   */
  readCsvSync(path: Source, options?: CsvReadOptions): DataFrame;

  /**
   * Names a CSV file without reading it: steps gather on a lazy frame until `collect`.
   *
   * @param path - The file; also a pattern of files, or several of either, as one table.
   * @param options - How to read it.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors invalid_option: the file itself is looked at when the plan runs
   * @example const lazy = px.scanCsv("sales.csv").filter("price > 10");
   * @node scan_csv
   * @primary
   * @name go ScanCSV
   * @except cobol every call runs at once; PDXRCSV reads
   */
  scanCsv(path: Source, options?: CsvReadOptions): LazyFrame;

  /**
   * Reads what a stream gives as one CSV file.
   *
   * The stream is read to its end, or to its own error. Its bytes may be packed and encoded as
   * those of a file; beyond 64 MiB they wait in a temporary file.
   *
   * @param stream - The stream; it is not closed.
   * @param options - How to read it.
   * @param collect - How the work is run.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors field_count, unterminated_quote, stray_quote, invalid_utf8, bad_value, empty_input,
   *   invalid_option: what the stream itself fails with is passed on
   * @example const df = await px.readCsvFrom(stream);
   * @node scan_csv
   * @wire stream feed
   * @runs
   * @only php go
   * @name php readCsvStream
   * @name go ReadCSVFrom
   */
  readCsvFrom(
    stream: Stream,
    options?: CsvReadOptions,
    collect?: CollectOptions,
  ): Promise<DataFrame>;

  /**
   * Names a stream without reading it: steps gather on a lazy frame until `collect`, which reads
   * it to its end, once.
   *
   * @param stream - The stream; it is not closed.
   * @param options - How to read it.
   * @nulls Unquoted fields that `nullValues` lists are null; by default the empty field.
   * @errors invalid_option: the stream itself is looked at when the plan runs
   * @example const lazy = px.scanCsvFrom(stream).filter("price > 10");
   * @node scan_csv
   * @wire stream feed
   * @only php go
   * @name php scanCsvStream
   * @name go ScanCSVFrom
   */
  scanCsvFrom(stream: Stream, options?: CsvReadOptions): LazyFrame;

  /**
   * Counts the records of CSV files without making values of them; headers are not counted.
   *
   * @param path - The file; also a pattern of files, or several of either.
   * @param options - How records are told apart.
   * @param collect - How the work is run.
   * @nulls Not looked at.
   * @errors not_found, empty_input, unterminated_quote, stray_quote, invalid_option
   * @example const rows = await px.countCsv("sales.csv");
   * @node count_csv
   * @primary
   * @runs
   * @name go CountCSV
   * @name cobol PDXCNTC
   */
  countCsv(path: Source, options?: CsvReadOptions, collect?: CollectOptions): Promise<Count>;

  /**
   * Counts the records of CSV files and blocks until it is done.
   *
   * @param path - The file; also a pattern of files, or several of either.
   * @param options - How records are told apart.
   * @nulls Not looked at.
   * @errors not_found, empty_input, unterminated_quote, stray_quote, invalid_option
   * @example const rows = px.countCsvSync("sales.csv");
   * @node count_csv
   * @runs
   * @only ts
   */
  countCsvSync(path: Source, options?: CsvReadOptions): Count;

  /**
   * Counts the records of what a stream gives, without making values of them.
   *
   * The stream is read to its end, or to its own error.
   *
   * @param stream - The stream; it is not closed.
   * @param options - How records are told apart.
   * @param collect - How the work is run.
   * @nulls Not looked at.
   * @errors empty_input, unterminated_quote, stray_quote, invalid_option: what the stream itself
   *   fails with is passed on
   * @example const rows = await px.countCsvFrom(stream);
   * @node count_csv
   * @wire stream feed
   * @runs
   * @only php go
   * @name php countCsvStream
   * @name go CountCSVFrom
   */
  countCsvFrom(stream: Stream, options?: CsvReadOptions, collect?: CollectOptions): Promise<Count>;

  /**
   * Looks how a CSV file is written: its delimiter, quote, header, encoding and the like.
   *
   * What is found goes straight back as options of a read.
   *
   * @param path - The file.
   * @param options - Options that are known; the others are found.
   * @param collect - How the work is run.
   * @nulls A quote, an escape, a comment or a thousands sign that is not used is null.
   * @errors not_found, invalid_option
   * @example const found = await px.sniffCsv("sales.csv");
   * @node sniff_csv
   * @primary
   * @runs
   * @name go SniffCSV
   * @name cobol PDXSNIF
   */
  sniffCsv(path: Path, options?: CsvReadOptions, collect?: CollectOptions): Promise<CsvSniff>;

  /**
   * Looks how a CSV file is written and blocks until it is done.
   *
   * @param path - The file.
   * @param options - Options that are known; the others are found.
   * @nulls A quote, an escape, a comment or a thousands sign that is not used is null.
   * @errors not_found, invalid_option
   * @example const found = px.sniffCsvSync("sales.csv");
   * @node sniff_csv
   * @runs
   * @only ts
   */
  sniffCsvSync(path: Path, options?: CsvReadOptions): CsvSniff;

  /**
   * Opens a feed: CSV text that a program writes piece by piece.
   *
   * @param name - What messages call it.
   * @errors invalid_option
   * @example CALL "PDXFOPN" USING PDX-NAME PDX-NAME-LENGTH PDX-FEED PDX-ERROR
   * @native pardox_feed_open
   * @only cobol
   * @name cobol PDXFOPN
   */
  openFeed(name: Text): Count;

  /**
   * Writes bytes to a feed; they are copied.
   *
   * @param feed - The feed.
   * @param bytes - The bytes, as they are: nothing is trimmed.
   * @errors busy, invalid_argument, released_handle
   * @example CALL "PDXFWRT" USING PDX-FEED PDX-AREA PDX-AREA-LENGTH PDX-ERROR
   * @native pardox_feed_write
   * @only cobol
   * @name cobol PDXFWRT
   */
  writeFeed(feed: Count, bytes: Text): void;

  /**
   * Says that a feed is written to its end, and reads it whole into a frame; the feed is closed.
   *
   * @param feed - The feed.
   * @param options - How to read it.
   * @errors field_count, unterminated_quote, stray_quote, invalid_utf8, bad_value, empty_input,
   *   invalid_option
   * @example CALL "PDXFRED" USING PDX-FEED PDX-OPTIONS PDX-OPTIONS-LENGTH
   *     PDX-RESULT PDX-ERROR
   * @native pardox_feed_finish pardox_collect
   * @only cobol
   * @name cobol PDXFRED
   */
  readFeed(feed: Count, options?: CsvReadOptions): DataFrame;

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
