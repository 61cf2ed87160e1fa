/* After the shutdown: every call says so, views stay, release and live still work. */

#include "support.h"

#define TEXT(text) (text), (int64_t)strlen(text)

int main(void) {
  Live before = live_now();
  uint64_t frame = new_frame(), column, bytes, other = 9;
  int32_t small;
  int64_t a, b, c, d;
  uint32_t major, minor;
  const uint8_t *data;
  uint8_t byte;
  pardox_view view = {.struct_size = sizeof view};
  struct ArrowArrayStream stream, sent = new_sender();
  OK(pardox_frame_column(frame, 0, &column, &error));
  OK(pardox_column_view(column, 0, &view, &error));
  OK(pardox_frame_to_arrow(frame, &stream, &error));
  OK(pardox_library_version(&bytes, &error));

  OK(pardox_shutdown(&error));
  OK(pardox_shutdown(&error));
  CHECK(((const int64_t *)view.values)[2] == -3);

#define SHUT(call) FAILS(PARDOX_STATUS_SHUT_DOWN, call)
  pardox_view unused = {.struct_size = sizeof unused};
  SHUT(pardox_abi_version(&major, &minor, &error));
  SHUT(pardox_library_version(&other, &error));
  SHUT(pardox_has_surface(FINGERPRINT, &small, &error));
  SHUT(pardox_inject_panic(0, &error));
  SHUT(pardox_inject_panic(1, &error));
  SHUT(pardox_bytes_view(bytes, &data, &a, &error));
  SHUT(pardox_bytes_copy(bytes, 0, &byte, 1, &a, &error));
  SHUT(pardox_plan_parse(TEXT("{}"), &other, &error));
  SHUT(pardox_plan_from_sql(TEXT("select"), TEXT("[]"), &other, &error));
  SHUT(pardox_plan_canonical(frame, NULL, 0, &other, &error));
  SHUT(pardox_plan_schema(frame, NULL, 0, NULL, 0, &other, &error));
  SHUT(pardox_plan_explain(frame, NULL, 0, NULL, 0, &other, &error));
  SHUT(pardox_collect(frame, NULL, 0, NULL, 0, NULL, 0, &other, &error));
  SHUT(pardox_operation_wait(frame, 0, &small, &error));
  SHUT(pardox_operation_progress(frame, &a, &b, &c, &error));
  SHUT(pardox_operation_cancel(frame, &error));
  SHUT(pardox_operation_result(frame, &other, &error));
  SHUT(pardox_frame_shape(frame, &a, &b, &error));
  SHUT(pardox_frame_schema(frame, &other, &error));
  SHUT(pardox_frame_display(frame, NULL, 0, &other, &error));
  SHUT(pardox_frame_column(frame, 0, &other, &error));
  SHUT(pardox_column_info(column, &small, &b, &c, &d, &error));
  SHUT(pardox_column_view(column, 0, &unused, &error));
  SHUT(pardox_column_rechunk(column, &other, &error));
  SHUT(pardox_column_copy(column, 0, 0, NULL, 0, NULL, 0, &a, &error));
  SHUT(pardox_column_copy_text(column, 0, 0, &d, 8, NULL, 0, NULL, 0, &a, &b, &error));
  SHUT(pardox_reader_open(frame, TEXT("{}"), &other, &error));
  SHUT(pardox_reader_fetch(frame, &byte, 1, 1, &a, &error));
  struct ArrowArrayStream nothing;
  SHUT(pardox_frame_to_arrow(frame, &nothing, &error));
  SHUT(pardox_frame_from_arrow(&sent, &other, &error));
  CHECK(sent.release == NULL);
  SHUT(pardox_frame_to_ipc(frame, &other, &error));
  SHUT(pardox_frame_from_ipc(&byte, 1, &other, &error));
  CHECK(other == 0);

  struct ArrowArray batch;
  CHECK(stream.get_next(&stream, &batch) == 0 && batch.length == 3);
  batch.release(&batch);
  stream.release(&stream);
  release(&bytes);
  release(&column);
  release(&frame);
  CHECK_LIVE(before);
  check_all_released();
  return 0;
}
