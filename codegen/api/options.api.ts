// Options: records whose fields all have a default. A field that is not given is not sent, so the
// engine's default rules; `@default` says it to the reader and is held against the plan's schema.

import type {
  Bool,
  ColumnNames,
  ColumnTypes,
  Compression,
  Count,
  CsvDialect,
  DateOrder,
  JoinHow,
  JoinKeys,
  NullOrder,
  OnBadEncoding,
  OnBadQuote,
  OnBadValue,
  OnLong,
  OnShort,
  Params,
  ProgressListener,
  Quoting,
  Signal,
  Tables,
  Text,
  Texts,
} from "./types.api.js";

/** How to read a CSV file. @record CsvReadSpec */
export interface CsvReadOptions {
  /** What separates fields: 1 to 8 bytes of UTF-8, not a line end. @default "," */
  readonly delimiter?: Text;
  /**
   * One ASCII character around fields that hold delimiters; null reads quotes as text.
   * @default "\""
   */
  readonly quote?: Text | null;
  /**
   * One ASCII character that makes the next one plain text; null: quotes within quotes are doubled.
   * @default null
   */
  readonly escape?: Text | null;
  /**
   * Lines that start with this text, where a record may start, are no records; null: none are.
   * @default null
   */
  readonly comment?: Text | null;
  /** Physical lines at the start of the file that are no records. @default 0 */
  readonly skipLines?: Count;
  /** Whether the first record names the columns. @default true */
  readonly header?: Bool;
  /** Encoding of the file: a label of the WHATWG Encoding Standard. @default "utf-8" */
  readonly encoding?: Text;
  /** Whether blanks and tabs around fields are left out. @default false */
  readonly trim?: Bool;
  /**
   * What stands between the whole and the fraction of a number: a point or a comma.
   * @default "."
   */
  readonly decimal?: Text;
  /**
   * What may stand between groups of three digits: a comma, a point, an apostrophe, a blank,
   * U+00A0 or U+202F; null: nothing.
   * @default null
   */
  readonly thousands?: Text | null;
  /**
   * Order of day, month and year in dates with `-`, `/` or `.` between; ISO is always read.
   * @default "ymd"
   */
  readonly dateOrder?: DateOrder;
  /** Names to use instead of those in the file. @default null */
  readonly columnNames?: ColumnNames | null;
  /**
   * Types of columns by name or by pattern (`*`, `?`); those not named are inferred from all their
   * values.
   * @default {}
   */
  readonly schema?: ColumnTypes;
  /** Names or patterns of columns that stay text. @default [] */
  readonly textColumns?: Texts;
  /** Records of each file that types are inferred from; null: all of them. @default null */
  readonly inferRows?: Count | null;
  /**
   * Whether a text column of few distinct values becomes a dictionary where no type is given;
   * not for a table that is read while the question runs.
   * @default false
   */
  readonly autoDictionary?: Bool;
  /** Unquoted fields that mean null. @default [""] */
  readonly nullValues?: Texts;
  /** Columns to read, in this order; null reads all. @default null */
  readonly select?: ColumnNames | null;
  /** What to do with a record that has too few fields. @default "error" */
  readonly onShort?: OnShort;
  /** What to do with a record that has too many fields. @default "error" */
  readonly onLong?: OnLong;
  /** What to do with a value that does not fit the type given or inferred. @default "error" */
  readonly onBadValue?: OnBadValue;
  /** What to do where a quote stands out of place, or is never closed. @default "error" */
  readonly onBadQuote?: OnBadQuote;
  /** What to do with bytes that the encoding does not allow. @default "error" */
  readonly onBadEncoding?: OnBadEncoding;
  /** Bytes that one record may have. @default 67108864 */
  readonly maxRecordBytes?: Count;
  /**
   * Name of a last column with the path of the file that each row is from; null: no such column.
   * @default null
   */
  readonly fileColumn?: Text | null;
  /** Whether to sniff the options that are not given. @default "given" */
  readonly dialect?: CsvDialect;
}

/**
 * How to write a CSV file. An option that reading has as well means the same there, so that a file
 * is read with the options it was written with.
 * @record CsvWriteSpec
 */
export interface CsvWriteOptions {
  /** What separates fields: 1 to 8 bytes of UTF-8, not a line end. @default "," */
  readonly delimiter?: Text;
  /**
   * One ASCII character around fields that need it; null writes quotes as text.
   * @default "\""
   */
  readonly quote?: Text | null;
  /**
   * One ASCII character that makes the next one plain text; null: quotes within quotes are doubled.
   * @default null
   */
  readonly escape?: Text | null;
  /** Which fields stand in quotes; nulls never do. @default "minimal" */
  readonly quoting?: Quoting;
  /** What ends a record: a newline, or a carriage return and a newline. @default "\n" */
  readonly lineEnd?: Text;
  /** Whether the first record names the columns. @default true */
  readonly header?: Bool;
  /** What stands for null. @default "" */
  readonly nullValue?: Text;
  /**
   * What stands between the whole and the fraction of a number: a point or a comma.
   * @default "."
   */
  readonly decimal?: Text;
  /** Order of day, month and year in dates; other than `ymd`, with `/` between. @default "ymd" */
  readonly dateOrder?: DateOrder;
  /**
   * Encoding of the file: a label of the WHATWG Encoding Standard. A character that it lacks is
   * an error.
   * @default "utf-8"
   */
  readonly encoding?: Text;
  /** Whether the file starts with a byte-order mark. @default false @name go BOM */
  readonly bom?: Bool;
  /** How the file is compressed. @default "none" */
  readonly compression?: Compression;
}

/** How to order by keys that do not say it themselves. @record SortKey */
export interface SortOptions {
  /** Largest first. @default false */
  readonly descending?: Bool;
  /** Where nulls go, in either direction. @default "last" */
  readonly nulls?: NullOrder;
}

/** Where nulls go for one sort key. @record SortKey */
export interface KeyOptions {
  /** Where nulls go, in either direction. @default "last" */
  readonly nulls?: NullOrder;
}

/** How to join. @record JoinNode */
export interface JoinOptions {
  /** Columns that must be equal: at least one name, or pair of names. */
  readonly on: JoinKeys;
  /** Which rows to keep. @default "inner" */
  readonly how?: JoinHow;
  /** Appended to right columns whose name the left table has as well. @default "_right" */
  readonly suffix?: Text;
}

/** What a statement may name. @record SqlNode */
export interface SqlOptions {
  /** The tables that the statement may name. @default {} */
  readonly tables?: Tables;
  /** Values for `:name` in the statement. @default {} @wire beside */
  readonly params?: Params;
}

/** Types of columns written out by the caller. @record host */
export interface ValuesOptions {
  /** Types by column name; those not named follow from the values. @default {} */
  readonly schema?: ColumnTypes;
}

/** How a table is printed. @record native */
export interface DisplayOptions {
  /** Characters in a line. @default 80 */
  readonly width?: Count;
  /** Rows shown: the first and the last ones where there are more. @default 10 */
  readonly rows?: Count;
}

/** How a plan is run. @record native */
export interface CollectOptions {
  /** Worker threads; null takes the number of processors. @default null */
  readonly threads?: Count | null;
  /** Values for `:name` and `param` in the plan. @default {} @wire beside */
  readonly params?: Params;
  /** Cancels the work. @default null @wire host @only ts */
  readonly signal?: Signal | null;
  /**
   * Is told about ten times a second how far the work has come.
   * @default null @wire host @only ts php
   */
  readonly onProgress?: ProgressListener | null;
}
