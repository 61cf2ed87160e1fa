/* Frames and their columns: shape, schema, views, chunks, copies. */

#include "support.h"

static void shape_and_schema(uint64_t frame) {
  int64_t rows, columns;
  uint64_t bytes;
  OK(pardox_frame_shape(frame, &rows, &columns, &error));
  CHECK(rows == ROWS && columns == COLUMNS);
  OK(pardox_frame_schema(frame, &bytes, &error));
  CHECK_TEXT(bytes,
             "[{\"name\":\"i\",\"dtype\":\"int64\"},{\"name\":\"f\",\"dtype\":\"float64\"},"
             "{\"name\":\"u\",\"dtype\":\"utf8\"},{\"name\":\"b\",\"dtype\":\"bool\"},"
             "{\"name\":\"d\",\"dtype\":\"date\"}]");
  rows = 9;
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_frame_shape(0, &rows, &columns, &error));
  CHECK(rows == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_shape(frame, NULL, &columns, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_schema(frame, NULL, &error));
  uint64_t column = 9;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_column(frame, -1, &column, &error));
  CHECK(column == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_column(frame, COLUMNS, &column, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_column(frame, 0, NULL, &error));
}

/* Views outlive the frame, for as long as the column's handle. */
static void views(uint64_t *frame) {
  uint64_t number, text, whole;
  int32_t dtype;
  int64_t rows, nulls, chunks;
  pardox_view view;
  OK(pardox_frame_column(*frame, 0, &number, &error));
  OK(pardox_frame_column(*frame, 2, &text, &error));
  release(frame);

  OK(pardox_column_info(number, &dtype, &rows, &nulls, &chunks, &error));
  CHECK(dtype == PARDOX_DTYPE_INT64 && rows == ROWS && nulls == 1 && chunks == 2);
  view.struct_size = sizeof view;
  OK(pardox_column_view(number, 0, &view, &error));
  CHECK(view.row_count == 3 && view.null_count == 1 && view.dtype == PARDOX_DTYPE_INT64);
  CHECK((view.validity[0] & 7) == 5 && ((const int64_t *)view.values)[2] == -3);
  CHECK(view.offsets == NULL && view.text == NULL && view.struct_size == sizeof view);
  OK(pardox_column_view(number, 1, &view, &error));
  CHECK(view.row_count == 2 && view.validity == NULL && ((const int64_t *)view.values)[1] == 5);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_column_view(number, 2, &view, &error));
  CHECK(view.row_count == 0 && view.values == NULL);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_column_view(number, -1, &view, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_column_view(number, 0, NULL, &error));
  view.struct_size = sizeof view - 1;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_column_view(number, 0, &view, &error));

  OK(pardox_column_rechunk(text, &whole, &error));
  OK(pardox_column_info(whole, &dtype, &rows, &nulls, &chunks, &error));
  CHECK(dtype == PARDOX_DTYPE_UTF8 && rows == ROWS && nulls == 1 && chunks == 1);
  view.struct_size = sizeof view;
  OK(pardox_column_view(whole, 0, &view, &error));
  CHECK(view.values == NULL && view.offsets[4] - view.offsets[3] == 2);
  CHECK(memcmp(view.text + view.offsets[3], "\xC3\xA9xyz", 5) == 0);
  CHECK(view.text_length >= view.offsets[5]);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_column_rechunk(text, NULL, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_info(text, NULL, &rows, &nulls, &chunks, &error));
  release(&number);
  release(&text);
  CHECK(view.text[0] == 'a'); /* what was made whole stands on its own */
  release(&whole);
}

static void copies(uint64_t frame) {
  uint64_t column;
  int64_t copied, values[ROWS];
  uint8_t validity[ROWS], bits[ROWS];
  OK(pardox_frame_column(frame, 0, &column, &error));
  OK(pardox_column_copy(column, 0, 99, values, sizeof values, validity, ROWS, &copied, &error));
  CHECK(copied == ROWS && values[0] == 1 && values[1] == 0 && values[2] == -3 && values[4] == 5);
  CHECK(memcmp(validity, "\1\0\1\1\1", ROWS) == 0);
  OK(pardox_column_copy(column, 2, 2, values, 16, NULL, 0, &copied, &error));
  CHECK(copied == 2 && values[0] == -3 && values[1] == 4);
  OK(pardox_column_copy(column, ROWS, 2, NULL, 0, NULL, 0, &copied, &error));
  CHECK(copied == 0);
  /* Memory that is not aligned, as in a COBOL record. */
  uint8_t record[1 + 16];
  OK(pardox_column_copy(column, 3, 2, record + 1, 16, NULL, 0, &copied, &error));
  memcpy(values, record + 1, 16);
  CHECK(values[0] == 4 && values[1] == 5);
  copied = 9;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, 6, 1, values, 8, NULL, 0, &copied, &error));
  CHECK(copied == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, -1, 1, values, 8, NULL, 0, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, 0, -1, values, 8, NULL, 0, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, 0, 2, values, 15, NULL, 0, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, 0, 2, values, 16, validity, 1, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, 0, 2, NULL, 16, NULL, 0, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy(column, 0, 2, values, 16, NULL, 2, &copied, &error));
  int64_t needed;
  FAILS(PARDOX_STATUS_TYPE_MISMATCH,
        pardox_column_copy_text(column, 0, 1, values, 16, bits, 1, NULL, 0, &copied, &needed,
                                &error));
  CHECK(strstr(last_error.hint, "pardox_column_copy") != NULL);
  release(&column);

  OK(pardox_frame_column(frame, 3, &column, &error));
  OK(pardox_column_copy(column, 0, ROWS, bits, sizeof bits, validity, ROWS, &copied, &error));
  CHECK(copied == ROWS && memcmp(bits, "\1\0\0\1\0", ROWS) == 0);
  CHECK(memcmp(validity, "\1\1\0\1\1", ROWS) == 0);
  release(&column);
}

static void text_copies(uint64_t frame) {
  uint64_t column;
  int64_t copied, needed, offsets[ROWS + 1];
  uint8_t text[16], validity[ROWS];
  OK(pardox_frame_column(frame, 2, &column, &error));
  OK(pardox_column_copy_text(column, 0, ROWS, offsets, sizeof offsets, text, sizeof text, validity,
                             ROWS, &copied, &needed, &error));
  CHECK(copied == ROWS && needed == 6 && offsets[0] == 0 && offsets[ROWS] == 6);
  CHECK(memcmp(text, "a\xC3\xA9xyz", 6) == 0 && memcmp(validity, "\1\1\0\1\1", ROWS) == 0);
  CHECK(offsets[1] == 1 && offsets[2] == 1 && offsets[3] == 1 && offsets[4] == 3);

  /* As many rows as fit; the rest tells what it needs. */
  OK(pardox_column_copy_text(column, 1, ROWS, offsets, sizeof offsets, text, 4, NULL, 0, &copied,
                             &needed, &error));
  CHECK(copied == 3 && needed == 5 && offsets[3] == 2);
  OK(pardox_column_copy_text(column, 4, 1, offsets, sizeof offsets, text, 2, NULL, 0, &copied,
                             &needed, &error));
  CHECK(copied == 0 && needed == 3);
  OK(pardox_column_copy_text(column, 0, 0, offsets, 8, NULL, 0, NULL, 0, &copied, &needed, &error));
  CHECK(copied == 0 && needed == 0 && offsets[0] == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy_text(column, 0, 2, offsets, 16, text, 4, NULL, 0, &copied, &needed,
                                &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_column_copy_text(column, 0, 1, offsets, 16, text, 4, NULL, 0, &copied, NULL,
                                &error));
  FAILS(PARDOX_STATUS_TYPE_MISMATCH,
        pardox_column_copy(column, 0, 1, text, 8, NULL, 0, &copied, &error));
  release(&column);
}

int main(void) {
  Live before = live_now();
  uint64_t frame = new_frame();
  shape_and_schema(frame);
  copies(frame);
  text_copies(frame);
  views(&frame);
  CHECK_LIVE(before);
  check_all_released();
  return 0;
}
