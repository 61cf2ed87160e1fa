// The front door: `import * as px from "pardox"`.
//
//   readCsv, scanCsv, readPrdx, sql, fromColumns   where tables come from     module.gen.ts
//   col, lit, when, sum, ...                       what makes expressions     module.gen.ts
//   DataFrame, LazyFrame, Column, Expr             what one works with
//
// Nothing native is loaded before the first call that needs it.

import { PardoxError } from "./error.js";
import { type DataFrame, fromIpc } from "./frame.js";
import { native, takeText } from "./library.js";

export type { CellOptions } from "./cells.js";
export { Column } from "./column.js";
export { type ErrorPlace, PardoxError } from "./error.js";
export { CaseExpr, Expr } from "./expr.js";
export { DataFrame, GroupBy, LazyFrame, type Row } from "./frame.js";
export * from "./module.gen.js";
export type {
  ByteStream,
  CollectOptions,
  ColumnDefinition,
  ColumnTypes,
  ColumnValues,
  CsvDialect,
  CsvReadOptions,
  CsvSniff,
  CsvSource,
  CsvWriteOptions,
  DataType,
  DateOrder,
  DisplayOptions,
  ErrorKind,
  Expression,
  Item,
  JoinHow,
  JoinKey,
  JoinKeys,
  JoinOptions,
  KeyOptions,
  NullOrder,
  OnBadEncoding,
  OnBadQuote,
  OnBadValue,
  OnLong,
  OnShort,
  Operand,
  Params,
  Progress,
  ProgressListener,
  Renamings,
  Selector,
  SortKey,
  SortKeys,
  SortOptions,
  SqlOptions,
  Tables,
  Value,
  ValuesOptions,
  View,
  WriteReport,
} from "./operations.gen.js";

/**
 * Makes a frame of Arrow IPC bytes in stream form.
 *
 * @param bytes - The bytes; they are copied.
 */
export function fromArrow(bytes: Uint8Array): DataFrame {
  if (bytes instanceof Uint8Array) return fromIpc(bytes);
  throw new PardoxError("invalid_argument", "expected a Uint8Array of Arrow IPC bytes");
}

/** The version of the native library. */
export function version(): string {
  return takeText(native().libraryVersion());
}

/** Cancels all work and ends the library's threads; every later call is refused. */
export function shutdown(): void {
  native().shutdown();
}
