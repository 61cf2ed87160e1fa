/* Frames over Arrow's C stream interface and as IPC bytes; every release is counted. */

#include "support.h"

static void out_and_in(void) {
  Live before = live_now();
  uint64_t frame = new_frame(), back;
  struct ArrowArrayStream stream;
  memset(&stream, 0x5A, sizeof stream);
  OK(pardox_frame_to_arrow(frame, &stream, &error));
  release(&frame); /* the stream keeps what it needs */
  OK(pardox_frame_from_arrow(&stream, &back, &error));
  CHECK(stream.release == NULL);
  int64_t rows, columns;
  OK(pardox_frame_shape(back, &rows, &columns, &error));
  CHECK(rows == ROWS && columns == COLUMNS);
  CHECK(arrays_out > 0); /* the sender's memory is shared through both */
  release(&back);
  CHECK_LIVE(before);
  check_all_released();
}

static void read_by_hand(void) {
  uint64_t frame = new_frame();
  struct ArrowArrayStream stream;
  OK(pardox_frame_to_arrow(frame, &stream, &error));
  release(&frame);
  struct ArrowSchema schema;
  CHECK(stream.get_schema(&stream, &schema) == 0);
  CHECK(schema.n_children == COLUMNS && strcmp(schema.children[2]->format, "u") == 0);
  CHECK(strcmp(schema.children[2]->name, "u") == 0);
  schema.release(&schema);
  struct ArrowArray batch;
  CHECK(stream.get_next(&stream, &batch) == 0);
  CHECK(batch.length == 3 && batch.n_children == COLUMNS);
  const int64_t *values = batch.children[0]->buffers[1];
  CHECK(values[batch.children[0]->offset] == 1);
  stream.release(&stream); /* the batch stands on its own */
  CHECK(values[2] == -3);
  batch.release(&batch);
  check_all_released();
}

static int failing_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  (void)stream;
  (void)out;
  return 5;
}

static int wide_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  int code = sender_schema(stream, out);
  out->children[1]->format = "e"; /* float16 */
  return code;
}

static int lying_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  int code = sender_next(stream, out);
  if (out->release != NULL) {
    out->children[4]->release(out->children[4]);
    free(out->children[4]);
    out->n_children = COLUMNS - 1;
  }
  return code;
}

static int bad_text_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  int code = sender_next(stream, out);
  if (out->release != NULL) ((uint8_t *)(uintptr_t)out->children[2]->buffers[2])[0] = 0xFF;
  return code;
}

/* Whatever is wrong, the stream is released and nothing is left. */
static void misuse(void) {
  Live before = live_now();
  uint64_t frame = 9;
  struct ArrowArrayStream stream = new_sender();
  stream.get_next = failing_next;
  FAILS(PARDOX_STATUS_IO, pardox_frame_from_arrow(&stream, &frame, &error));
  CHECK(frame == 0 && stream.release == NULL);
  CHECK(strstr(last_error.message, "the sender has no more") != NULL);

  stream = new_sender();
  stream.get_schema = wide_schema;
  FAILS(PARDOX_STATUS_UNSUPPORTED, pardox_frame_from_arrow(&stream, &frame, &error));
  CHECK(strcmp(last_error.column, "f") == 0 && strstr(last_error.message, "Float16") != NULL);

  stream = new_sender();
  stream.get_next = lying_next;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_arrow(&stream, &frame, &error));

  stream = new_sender();
  stream.get_next = bad_text_next;
  FAILS(PARDOX_STATUS_INVALID_UTF8, pardox_frame_from_arrow(&stream, &frame, &error));
  CHECK(strcmp(last_error.column, "u") == 0);

  stream = new_sender();
  stream.get_schema = NULL;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_arrow(&stream, &frame, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_arrow(&stream, &frame, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_arrow(NULL, &frame, &error));
  stream = new_sender();
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_arrow(&stream, NULL, &error));
  CHECK(stream.release == NULL);

  memset(&stream, 0x5A, sizeof stream);
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_frame_to_arrow(0, &stream, &error));
  CHECK(stream.release == NULL);
  frame = new_frame();
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_to_arrow(frame, NULL, &error));
  release(&frame);
  CHECK_LIVE(before);
  check_all_released();
}

static void ipc(void) {
  Live before = live_now();
  uint64_t frame = new_frame(), bytes, back, again;
  OK(pardox_frame_to_ipc(frame, &bytes, &error));
  const uint8_t *data;
  int64_t length;
  OK(pardox_bytes_view(bytes, &data, &length, &error));
  OK(pardox_frame_from_ipc(data, length, &back, &error));
  OK(pardox_frame_to_ipc(back, &again, &error));
  const uint8_t *data_again;
  int64_t length_again;
  OK(pardox_bytes_view(again, &data_again, &length_again, &error));
  CHECK(length == length_again);
  release(&again);
  release(&back);
  back = 9;
  FAILS(PARDOX_STATUS_CORRUPT_FILE, pardox_frame_from_ipc(data, length - 1, &back, &error));
  CHECK(back == 0);
  FAILS(PARDOX_STATUS_EMPTY_INPUT, pardox_frame_from_ipc(NULL, 0, &back, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_ipc(NULL, 1, &back, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_ipc(data, -1, &back, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_from_ipc(data, length, NULL, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_frame_to_ipc(frame, NULL, &error));
  release(&bytes);
  release(&frame);
  CHECK_LIVE(before);
  check_all_released();
}

int main(void) {
  out_and_in();
  read_by_hand();
  misuse();
  ipc();
  return 0;
}
