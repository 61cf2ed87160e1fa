// Reading a frame like a file, for COBOL: open, fetch records into the program's area, close.

import type { Count, Frame, Text } from "./types.api.js";

/** Rows as fixed records. @role reader @only cobol */
export interface Reader {
  /**
   * Opens a reader on a frame.
   *
   * @param frame - The frame.
   * @param layout - Where each column goes in the record.
   * @errors unknown_column, type_mismatch, invalid_option
   * @example CALL "PDXOPEN" USING PDX-FRAME PDX-LAYOUT PDX-LAYOUT-LENGTH
   *     PDX-RECORD-LENGTH PDX-READER PDX-ERROR
   * @native pardox_reader_open
   * @name cobol PDXOPEN
   * @only cobol
   */
  open(frame: Frame, layout: Text): Reader;

  /**
   * Fetches the next records: status 00, or 10 at the end.
   *
   * @param count - Records that the area holds.
   * @nulls As the layout's null flags say.
   * @errors bad_value, released_handle
   * @example CALL "PDXFTCH" USING PDX-READER RECORD-AREA PDX-RECORD-LENGTH
   *     PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
   * @native pardox_reader_fetch
   * @name cobol PDXFTCH
   * @only cobol
   */
  fetch(count: Count): Count;
}
