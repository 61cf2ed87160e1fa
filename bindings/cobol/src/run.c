/*
 * A call's begin, its way through the engine, and its end.
 *
 *   plan document --> pardox_plan_parse --> pardox_collect --> wait --> result
 *   status        --> PDX-ERROR, padded with blanks, and RETURN-CODE 0, 4, 8, 12 or 16
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdxshim.h"

enum { WAIT_FOR_EVER = -1 };

int pdx_failed(const pdx_call *call) { return call->error.status != PARDOX_STATUS_OK; }

void pdx_begin(pdx_call *call, const char *name, pardox_error *answer) {
  memset(call, 0, sizeof *call);
  call->name = name;
  call->answer = answer;
  call->return_code = -1;
  call->error.struct_size = sizeof call->error;
  call->error.record = call->error.line = call->error.byte_offset = -1;
  pdx_load(call);
}

/* Writes a text of the error record, cut at a character. */
static void set_text(char *field, size_t size, uint32_t *length, const char *text) {
  size_t end = strlen(text);
  if (end > size - 1) {
    end = size - 1;
    while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80) end--;
  }
  memcpy(field, text, end);
  field[end] = '\0';
  *length = (uint32_t)end;
}

void pdx_fault(pdx_call *call, int32_t status, const char *expected, const char *found,
               const char *hint) {
  if (pdx_failed(call)) return;
  pardox_error *error = &call->error;
  error->status = status;
  error->record = error->line = error->byte_offset = -1;
  char message[sizeof error->message * 4];
  snprintf(message, sizeof message, "expected %s, found %s (%s)%s%s", expected, found, call->name,
           hint == NULL ? "" : "; ", hint == NULL ? "" : hint);
  error->file[0] = error->column[0] = '\0';
  error->file_length = error->column_length = 0;
  set_text(error->expected, sizeof error->expected, &error->expected_length, expected);
  set_text(error->found, sizeof error->found, &error->found_length, found);
  set_text(error->hint, sizeof error->hint, &error->hint_length, hint == NULL ? "" : hint);
  set_text(error->message, sizeof error->message, &error->message_length, message);
}

int pdx_given(pdx_call *call, const void *item, const char *what) {
  if (item != NULL) return !pdx_failed(call);
  pdx_fault(call, PARDOX_STATUS_INVALID_ARGUMENT, what, "OMITTED", NULL);
  return 0;
}

/* Blanks behind the text, as COBOL expects of a field. */
static void pad(char *field, size_t size, uint32_t length) {
  if (length > size) length = (uint32_t)size;
  memset(field + length, ' ', size - length);
}

int pdx_end(pdx_call *call) {
  pardox_error *error = &call->error;
  free(call->plan.data);
  free(call->params.data);
  if (!pdx_failed(call)) {
    error->record = error->line = error->byte_offset = -1;
    error->file_length = error->column_length = error->expected_length = 0;
    error->found_length = error->hint_length = error->message_length = 0;
  }
  pad(error->file, sizeof error->file, error->file_length);
  pad(error->column, sizeof error->column, error->column_length);
  pad(error->expected, sizeof error->expected, error->expected_length);
  pad(error->found, sizeof error->found, error->found_length);
  pad(error->hint, sizeof error->hint, error->hint_length);
  pad(error->message, sizeof error->message, error->message_length);
  if (call->answer != NULL) *call->answer = *error;
  return call->return_code >= 0 ? call->return_code : pdx_return_code(error->status);
}

void pdx_drop(uint64_t *handle) {
  if (*handle != 0) pdx_native.pardox_release(handle, NULL);
}

uint64_t pdx_answer(pdx_call *call) {
  uint64_t plan = 0, operation = 0, frame = 0;
  int32_t state = PARDOX_STATE_RUNNING;
  pdx_put_word(call, &call->plan, "}}}");
  if (!pdx_failed(call)) {
    pdx_native.pardox_plan_parse(call->plan.data, (int64_t)call->plan.length, &plan, &call->error);
  }
  if (!pdx_failed(call)) {
    pdx_native.pardox_collect(plan, call->frames, call->frame_count, call->params.data,
                              (int64_t)call->params.length, NULL, 0, &operation, &call->error);
  }
  if (!pdx_failed(call)) {
    pdx_native.pardox_operation_wait(operation, WAIT_FOR_EVER, &state, &call->error);
  }
  if (!pdx_failed(call)) {
    pdx_native.pardox_operation_result(operation, &frame, &call->error);
  }
  pdx_drop(&operation);
  pdx_drop(&plan);
  return frame;
}

int pdx_run(pdx_call *call, uint64_t *result) {
  pdx_given(call, result, "an item for the result");
  uint64_t frame = pdx_answer(call);
  if (result == NULL) return pdx_end(call);
  int is_source = 0;
  for (int64_t index = 0; index < call->frame_count; index++) {
    is_source |= call->sources[index] == result;
  }
  if (is_source && !pdx_failed(call)) pdx_drop(result);
  // A source that the call could not answer stays as it was.
  if (!is_source || !pdx_failed(call)) *result = frame;
  return pdx_end(call);
}

/* The one value of an int64 column. */
static int64_t only_value(pdx_call *call, uint64_t frame, int64_t index) {
  uint64_t column = 0;
  int64_t value = 0, copied = 0;
  if (!pdx_failed(call)) pdx_native.pardox_frame_column(frame, index, &column, &call->error);
  if (!pdx_failed(call)) {
    pdx_native.pardox_column_copy(column, 0, 1, &value, sizeof value, NULL, 0, &copied,
                                  &call->error);
  }
  if (column != 0) pdx_drop(&column);
  return value;
}

int pdx_run_report(pdx_call *call, int64_t *rows, int64_t *bytes) {
  enum { ROWS = 1, BYTES = 2 }; // columns of a report: path, rows, bytes
  uint64_t frame = pdx_answer(call);
  int64_t row_count = only_value(call, frame, ROWS), size_bytes = only_value(call, frame, BYTES);
  if (rows != NULL) *rows = pdx_failed(call) ? 0 : row_count;
  if (bytes != NULL) *bytes = pdx_failed(call) ? 0 : size_bytes;
  if (frame != 0) pdx_drop(&frame);
  return pdx_end(call);
}

int pdx_run_count(pdx_call *call, int64_t *rows) {
  uint64_t frame = pdx_answer(call);
  int64_t count = only_value(call, frame, 0);
  if (rows != NULL) *rows = pdx_failed(call) ? 0 : count;
  if (frame != 0) pdx_drop(&frame);
  return pdx_end(call);
}

void pdx_copy_bytes(pdx_call *call, uint64_t bytes, char *area, const int32_t *area_length,
                    int32_t *text_length) {
  const uint8_t *data = NULL;
  int64_t length = 0;
  if (text_length != NULL) *text_length = 0;
  if (!pdx_given(call, area, "an area") || !pdx_given(call, area_length, "the area's length")) {
    return;
  }
  pdx_native.pardox_bytes_view(bytes, &data, &length, &call->error);
  if (pdx_failed(call)) return;
  if (length > *area_length) {
    char expected[64], found[32];
    snprintf(expected, sizeof expected, "an area of %lld bytes", (long long)length);
    snprintf(found, sizeof found, "%d", *area_length);
    pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, expected, found, "make the area longer");
    return;
  }
  if (length > 0) memcpy(area, data, (size_t)length);
  memset(area + length, ' ', (size_t)(*area_length - length));
  if (text_length != NULL) *text_length = (int32_t)length;
}
