// One column of a frame: its values in place, or as the host's own.

import type { Count, DataType, Name, ValueList, View } from "./types.api.js";

/** One column of a frame; it outlives its frame. @role column */
export interface Column {
  /**
   * Its name.
   *
   * @errors none
   * @example df.column("price").name;
   * @hand
   * @except cobol rows are fetched as records
   */
  readonly name: Name;

  /**
   * Its type.
   *
   * @errors released_handle
   * @example df.column("price").dtype;
   * @native pardox_column_info
   * @name go DType
   * @name cobol PDXTYPE
   */
  readonly dtype: DataType;

  /**
   * Number of values, nulls included.
   *
   * @errors released_handle
   * @example df.column("price").rowCount;
   * @native pardox_column_info
   * @except cobol rows are fetched as records
   */
  readonly rowCount: Count;

  /**
   * Number of nulls.
   *
   * @errors released_handle
   * @example df.column("price").nullCount;
   * @native pardox_column_info
   * @except cobol rows are fetched as records
   */
  readonly nullCount: Count;

  /**
   * The values in place, without a copy, until the column is closed. Not for text and bool.
   *
   * The memory is shared and must not be written.
   *
   * @nulls A column that has nulls is refused; take `values`.
   * @errors type_mismatch, unsupported, released_handle
   * @example df.column("quantity").view();
   * @native pardox_column_view pardox_column_rechunk
   * @except cobol rows are fetched as records
   */
  view(): View;

  /**
   * The values as a list of the host's own, nulls as the host's null.
   *
   * @nulls The host's null.
   * @errors released_handle
   * @example df.column("price").values();
   * @native pardox_column_copy pardox_column_copy_text
   * @name python to_list
   * @except cobol rows are fetched as records
   */
  values(): ValueList;

  /**
   * Gives the memory back, once nothing else uses it; a second close does nothing.
   *
   * @errors none
   * @example df.column("price").close();
   * @native pardox_release
   * @except cobol rows are fetched as records
   */
  close(): void;
}
