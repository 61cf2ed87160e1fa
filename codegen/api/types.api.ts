// The words of the face: what a parameter may be, and the small types that members share.
//
// Every parameter of every member has one of these types. `@kind` ties a type to one of the closed
// set of kinds (src/model/kinds.ts), which says how each language spells it and how it becomes a
// field of the plan document. In short, for what a user types:
//
//   where a column is named   text is the column's name                       select, sort, sum
//   where a question is asked  text is the second door, `price > 10`           filter, { x: ... }
//   where a value stands      text is a value                                 col("a").eq("x")

import type { Expr } from "./expr.api.js";
import type { DataFrame, LazyFrame } from "./frame.api.js";
import type { CsvReadOptions } from "./options.api.js";

/** Name of a column; upper and lower case differ. @kind column */
export type ColumnName = string;

/** Names of columns, in order. @kind columns */
export type ColumnNames = readonly string[];

/** A name that the caller chooses. @kind name */
export type Name = string;

/** Path of a file, absolute or from the working directory. @kind path */
export type Path = string;

/**
 * Where CSV text comes from: a path, a pattern (`*`, `?`, `[...]`, `**`) where no file has that
 * very name, or a list of both (in COBOL as JSON: `["a.csv","b.csv"]`). In TypeScript and Python
 * also a stream or bytes. @kind source
 */
export type Source = string;

/** A stream of bytes as the host has them. @kind stream */
export type Stream = AsyncIterable<Uint8Array>;

/** Options found, as the reader of CSV files takes them. @kind options */
export type FoundOptions = CsvReadOptions;

/** A number. @kind float */
export type Fraction = number;

/** Text. @kind text */
export type Text = string;

/** Texts, in order. @kind texts */
export type Texts = readonly string[];

/** True or false. @kind bool */
export type Bool = boolean;

/** A whole number that is not negative. @kind int */
export type Count = number;

/**
 * A value of a column: text, number, decimal, bool, date, timestamp, null, or a list or a struct of
 * such values. @kind value
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly Value[]
  | { readonly [field: string]: Value };

/** A question over columns: an expression, or text of the second door. @kind expression */
export type Expression = Expr | Text;

/** An operand: an expression, or a value that stands for itself. @kind operand */
export type Operand = Expr | Value;

/** Operands, in order. @kind operands */
export type Operands = readonly Operand[];

/** A column by name, or an expression. @kind selector */
export type Selector = Expr | ColumnName;

/**
 * A column of a result: a column's name, an expression that has a name, or names with their
 * expressions. @kind items
 */
export type Item = ColumnName | Expr | { readonly [name: string]: Expression };

/** What to order by: a column's name, an expression, or one with its direction. @kind sortKeys */
export type SortKeys = Selector | SortKey | readonly (Selector | SortKey)[];

/** Columns that must be equal: one name, or names and pairs of names. @kind joinKeys */
export type JoinKeys = ColumnName | readonly (ColumnName | JoinKey)[];

/** New names by old name. @kind renamings */
export type Renamings = { readonly [from: string]: Name };

/** Types by column name. @kind columnTypes */
export type ColumnTypes = { readonly [column: string]: DataType };

/**
 * Values of columns by column name; all columns have one length. A typed array says the type of its
 * values. @kind columnValues
 */
export type ColumnValues = {
  readonly [column: string]: readonly Value[] | Iterable<number | bigint>;
};

/** Values of parameters by name: what `:name` means in text. @kind params */
export type Params = { readonly [name: string]: Value };

/** Another table: eager or lazy. @kind frame */
export type Frame = DataFrame | LazyFrame;

/** Tables by the name that a statement gives them. @kind tables */
export type Tables = { readonly [name: string]: Frame };

/** Bytes of the host. @kind bytes */
export type Bytes = Uint8Array;

/** What the host language cancels with. @kind host */
export type Signal = AbortSignal;

/** What the host language is told while work runs. @kind host */
export type ProgressListener = (progress: Progress) => void;

/**
 * What a step gives: in TypeScript and Go a lazy frame; in PHP and Python what the step stands on,
 * so that a step on a DataFrame runs at once; in COBOL the handle of a frame. @kind step
 */
export type Step = LazyFrame;

/** Values that a host reads in place, without a copy. @kind view */
export type View =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** Rows as the host's own records, column name to value. @kind rows */
export type Rows = readonly { readonly [column: string]: Value }[];

/** Values as a list of the host's own. @kind valueList */
export type ValueList = readonly Value[];

/** Types of columns: the closed list. @enum */
export type DataType =
  /** True or false. */
  | "bool"
  /** Whole numbers from -2^63 to 2^63 - 1, exact. */
  | "int64"
  /** IEEE 754 binary64. */
  | "float64"
  /** A day of the proleptic Gregorian calendar. */
  | "date"
  /** A moment in microseconds, without a zone. */
  | "timestamp"
  /** UTF-8 text. */
  | "utf8"
  /** Whole numbers from -128 to 127. */
  | "int8"
  /** Whole numbers from -32768 to 32767. */
  | "int16"
  /** Whole numbers from -2^31 to 2^31 - 1. */
  | "int32"
  /** Whole numbers from 0 to 255. */
  | "uint8"
  /** Whole numbers from 0 to 65535. */
  | "uint16"
  /** Whole numbers from 0 to 2^32 - 1. */
  | "uint32"
  /** Whole numbers from 0 to 2^64 - 1. */
  | "uint64"
  /** IEEE 754 binary32. */
  | "float32"
  /** UTF-8 text as codes of distinct values: utf8 in all that it answers, smaller and quicker. */
  | "dictionary"
  /** An exact decimal number: at most 38 digits, and how many of them stand behind the point. */
  | `decimal(${number},${number})`
  /** A moment in s, ms, us or ns, and the zone whose clocks show it: `us,Europe/Berlin`. */
  | `timestamp(${string})`
  /** Any number of values of one type, in order: `list(int64)`. */
  | `list(${string})`
  /** A value for each of some named fields: `struct(a int64, b utf8)`. */
  | `struct(${string})`;

/** Which rows a join keeps. @enum JoinHow */
export type JoinHow =
  /** Pairs of matching rows. */
  | "inner"
  /** As inner, and left rows without a match with nulls for the right columns. */
  | "left"
  /** Left rows that have a match, once each; no right columns. */
  | "semi"
  /** Left rows that have no match; no right columns. */
  | "anti";

/** Where nulls go when rows are ordered. @enum NullOrder */
export type NullOrder =
  /** Before all values, in either direction. */
  | "first"
  /** After all values, in either direction. */
  | "last";

/** Order of day, month and year in a date. @enum DateOrder */
export type DateOrder =
  /** Year, month, day. */
  | "ymd"
  /** Day, month, year. */
  | "dmy"
  /** Month, day, year. */
  | "mdy";

/** What to do with a record that has too few fields. @enum OnShort */
export type OnShort =
  /** Fail. */
  | "error"
  /** Nulls for the fields that are missing. */
  | "pad"
  /** Leave the record out, and count it. */
  | "skip"
  /** Leave the record out, and keep its text in the quarantine. */
  | "quarantine";

/** What to do with a record that has too many fields. @enum OnLong */
export type OnLong =
  /** Fail. */
  | "error"
  /** Leave the fields out that are too many. */
  | "cut"
  /** Leave the record out, and count it. */
  | "skip"
  /** Leave the record out, and keep its text in the quarantine. */
  | "quarantine";

/** What to do with a value that does not fit its type. @enum OnBadValue */
export type OnBadValue =
  /** Fail. */
  | "error"
  /** Null instead of the value. */
  | "null"
  /** Leave the record out, and count it. */
  | "skip"
  /** Leave the record out, and keep its text in the quarantine. */
  | "quarantine";

/** What to do with a quote out of place. @enum OnBadQuote */
export type OnBadQuote =
  /** Fail. */
  | "error"
  /** Take the quote as text. */
  | "repair"
  /** Leave the record out, and count it. */
  | "skip"
  /** Leave the record out, and keep its text in the quarantine. */
  | "quarantine";

/** What to do with bytes that the encoding does not allow. @enum OnBadEncoding */
export type OnBadEncoding =
  /** Fail. */
  | "error"
  /** U+FFFD instead of the bytes. */
  | "replace"
  /** Leave the record out, and count it. */
  | "skip"
  /** Leave the record out, and keep its text in the quarantine. */
  | "quarantine";

/** Which fields of a CSV file stand in quotes. Nulls never do. @enum Quoting */
export type Quoting =
  /** Those that would not read back without. */
  | "minimal"
  /** All. */
  | "always"
  /** All but numbers that need none. */
  | "non_numeric"
  /** None; a value that needs quotes is an error, unless an escape serves for it. */
  | "never";

/** How a file is compressed. @enum Compression */
export type Compression =
  /** Not at all. */
  | "none"
  /** With gzip. */
  | "gzip"
  /** With zstd. */
  | "zstd"
  /** With bzip2. */
  | "bzip2";

/** Where the dialect of a CSV file comes from. @enum CsvDialect */
export type CsvDialect =
  /** From the options as they stand. */
  | "given"
  /** From the file, for each option that is not given. */
  | "sniff";

/** What to order by, with its direction. @record SortKey */
export interface SortKey {
  /** What to order by. */
  readonly expr: Selector;
  /** Largest first. @default false */
  readonly descending?: Bool;
  /** Where nulls go. @default "last" */
  readonly nulls?: NullOrder;
}

/** A pair of columns that must be equal. @record JoinKey */
export interface JoinKey {
  /** Column of the left table. */
  readonly left: ColumnName;
  /** Column of the right table; left out of the result where it is named as the left one. */
  readonly right: ColumnName;
}

/** Name and type of a column. @result */
export interface ColumnDefinition {
  /** Name of the column. */
  readonly name: Name;
  /** Its type. */
  readonly dtype: DataType;
}

/** What a write did. @result */
export interface WriteReport {
  /** Path of the file. */
  readonly path: Path;
  /** Rows written. */
  readonly rows: Count;
  /** Size of the file in bytes. */
  readonly bytes: Count;
}

/** How a CSV file seems to be written. @result */
export interface CsvSniff {
  /** What was found, and what was given: pass it back to read the file just so. */
  readonly options: FoundOptions;
  /** Columns that a read with these options gives. */
  readonly columns: Count;
  /** How sure this is, from 0 to 1. */
  readonly confidence: Fraction;
  /** Another reading that is about as likely; null where there is none. */
  readonly doubt: Text | null;
}

/** How far work has come. @result */
export interface Progress {
  /** Bytes of input that are done. */
  readonly bytesDone: Count;
  /** Bytes of input in all; 0 while not known. */
  readonly bytesTotal: Count;
  /** Rows that are done. */
  readonly rowsDone: Count;
}

/** Rows and columns of a frame. @result */
export interface Shape {
  /** Number of rows. */
  readonly rows: Count;
  /** Number of columns. */
  readonly columns: Count;
}
