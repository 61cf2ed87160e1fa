// Options: records whose fields all have a default. A field that is not given is not sent, so the
// engine's default rules; `@default` says it to the reader and is held against the plan's schema.

import type {
  Bool,
  ColumnNames,
  ColumnTypes,
  Count,
  JoinHow,
  JoinKeys,
  NullOrder,
  Params,
  ProgressListener,
  Signal,
  Tables,
  Text,
  Texts,
} from "./types.api.js";

/** How to read a CSV file. @record CsvReadSpec */
export interface CsvReadOptions {
  /** One ASCII character between fields. @default "," */
  readonly delimiter?: Text;
  /**
   * One ASCII character around fields that hold delimiters; null reads quotes as text.
   * @default "\""
   */
  readonly quote?: Text | null;
  /** Whether the first record names the columns. @default true */
  readonly header?: Bool;
  /** Names to use instead of those in the file. @default null */
  readonly columnNames?: ColumnNames | null;
  /** Types of columns by name; those not named are inferred from all their values. @default {} */
  readonly schema?: ColumnTypes;
  /** Unquoted fields that mean null. @default [""] */
  readonly nullValues?: Texts;
  /** Columns to read, in this order; null reads all. @default null */
  readonly select?: ColumnNames | null;
}

/** How to write a CSV file. @record CsvWriteSpec */
export interface CsvWriteOptions {
  /** One ASCII character between fields. @default "," */
  readonly delimiter?: Text;
  /** One ASCII character around fields that need it. @default "\"" */
  readonly quote?: Text;
  /** Whether the first record names the columns. @default true */
  readonly header?: Bool;
  /** What stands for null. @default "" */
  readonly nullValue?: Text;
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
