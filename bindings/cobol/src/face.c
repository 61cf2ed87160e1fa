/*
 * The calls that are no step of a plan: shape, schema, display, close, and the library itself.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdxshim.h"

/* Rows and columns of a frame. */
PDX_EXPORT int PDXSHAP(const uint64_t *frame, int64_t *rows, int64_t *columns,
                       pardox_error *error) {
  pdx_call call;
  int64_t row_count = 0, column_count = 0;
  pdx_begin(&call, "PDXSHAP", error);
  if (pdx_given(&call, frame, "the frame")) {
    pdx_native.pardox_frame_shape(*frame, &row_count, &column_count, &call.error);
  }
  if (rows != NULL) *rows = row_count;
  if (columns != NULL) *columns = column_count;
  return pdx_end(&call);
}

/* Four digits of hexadecimal behind `\u`. */
static unsigned code_unit(const char *digits) {
  char copy[5];
  memcpy(copy, digits, 4);
  copy[4] = '\0';
  return (unsigned)strtoul(copy, NULL, 16);
}

static void put_character(pdx_call *call, pdx_text *out, unsigned code) {
  char bytes[4];
  size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (size_t index = length - 1; index > 0; index--, code >>= 6) {
    bytes[index] = (char)(0x80 | (code & 0x3f));
  }
  static const unsigned char MARKS[] = {0, 0, 0xc0, 0xe0, 0xf0};
  bytes[0] = (char)(MARKS[length] | code);
  pdx_put(call, out, bytes, length);
}

/* Reads the JSON string that `rest` stands on; the library wrote it, so it is well formed. */
static void read_string(pdx_call *call, pdx_piece *rest, pdx_text *out) {
  static const char ESCAPES[] = "b\bf\fn\nr\rt\t";
  const char *at = rest->data + 1, *end = rest->data + rest->length;
  out->length = 0;
  while (at < end && *at != '"') {
    if (*at != '\\') {
      pdx_put(call, out, at++, 1);
      continue;
    }
    const char *escape = strchr(ESCAPES, at[1]);
    if (at[1] == 'u' && end - at >= 6) {
      unsigned code = code_unit(at + 2);
      at += 6;
      if (code >= 0xd800 && code < 0xdc00 && end - at >= 6) {
        code = 0x10000 + ((code - 0xd800) << 10) + (code_unit(at + 2) - 0xdc00);
        at += 6;
      }
      put_character(call, out, code);
      continue;
    }
    if (escape != NULL) pdx_put(call, out, escape + 1, 1);
    else pdx_put(call, out, at + 1, 1);
    at += 2;
  }
  rest->length -= (size_t)(at + 1 - rest->data);
  rest->data = at + 1;
}

/* Finds the next string in `rest` and reads it; 0 at the end. */
static int next_string(pdx_call *call, pdx_piece *rest, pdx_text *out) {
  const char *quote = memchr(rest->data, '"', rest->length);
  if (quote == NULL) return 0;
  rest->length -= (size_t)(quote - rest->data);
  rest->data = quote;
  read_string(call, rest, out);
  return 1;
}

int pdx_read_name(pdx_call *call, pdx_piece json, int64_t number, pdx_text *name) {
  pdx_text key = {NULL, 0, 0}, value = {NULL, 0, 0};
  int64_t seen = 0;
  while (seen < number && next_string(call, &json, &key) && !pdx_failed(call)) {
    next_string(call, &json, &value);
    if (key.length != 4 || memcmp(key.data, "name", 4) != 0) continue;
    seen++;
    if (seen == number) pdx_put(call, name, value.data, value.length);
  }
  free(key.data);
  free(value.data);
  return seen == number;
}

static void give_name(pdx_call *call, const pdx_text *name, char *area, const int32_t *length) {
  if (!pdx_given(call, area, "an area for the name")) return;
  if (!pdx_given(call, length, "the area's length")) return;
  if ((int64_t)name->length > *length) {
    char expected[64], found[32];
    snprintf(expected, sizeof expected, "an area of %zu bytes for the name", name->length);
    snprintf(found, sizeof found, "%d", *length);
    pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, expected, found, "make the area longer");
    return;
  }
  memset(area, ' ', (size_t)*length);
  if (name->length > 0) memcpy(area, name->data, name->length);
}

/* The name of the type that stands behind a column's name; to be freed. */
static pdx_text read_dtype(pdx_call *call, pdx_piece json, int64_t number) {
  pdx_text key = {NULL, 0, 0}, value = {NULL, 0, 0};
  int64_t seen = 0;
  while (seen < number && next_string(call, &json, &key) && !pdx_failed(call)) {
    next_string(call, &json, &value);
    if (key.length == 5 && memcmp(key.data, "dtype", 5) == 0) seen++;
  }
  free(key.data);
  return value;
}

/* Precision and scale of a decimal type, `decimal(18,2)`; else 0. */
static void read_parameters(pdx_call *call, pdx_piece json, int64_t number, int *precision,
                            int *scale) {
  pdx_text value = read_dtype(call, json, number);
  char name[32] = "";
  if (value.length < sizeof name) memcpy(name, value.data, value.length);
  if (sscanf(name, "decimal(%d,%d)", precision, scale) != 2) *precision = *scale = 0;
  free(value.data);
}

/*
 * The name and the type of the column at `number`, counting from 1, and of decimals the digits and
 * those behind the point, else 0; status 10 behind the last.
 */
PDX_EXPORT int PDXSCHM(const uint64_t *frame, const int64_t *number, char *name,
                       const int32_t *name_length, int32_t *dtype, int32_t *precision,
                       int32_t *scale, pardox_error *error) {
  pdx_call call;
  uint64_t bytes = 0, column = 0;
  const uint8_t *json = NULL;
  int64_t length = 0, rows = 0, nulls = 0, chunks = 0;
  int32_t found = 0;
  int digits = 0, decimals = 0;
  pdx_text text = {NULL, 0, 0};
  pdx_begin(&call, "PDXSCHM", error);
  if (pdx_given(&call, frame, "the frame") && pdx_given(&call, number, "the column's number")) {
    pdx_native.pardox_frame_schema(*frame, &bytes, &call.error);
  }
  if (!pdx_failed(&call) && *number < 1) {
    pdx_fault(&call, PARDOX_STATUS_INVALID_ARGUMENT, "a column's number from 1 on", "a smaller one",
              NULL);
  }
  if (!pdx_failed(&call)) pdx_native.pardox_bytes_view(bytes, &json, &length, &call.error);
  if (!pdx_failed(&call) &&
      !pdx_read_name(&call, (pdx_piece){(const char *)json, (size_t)length}, *number, &text)) {
    pdx_fault(&call, PDX_STATUS_END, "a column", "the end of the columns", NULL);
  }
  if (!pdx_failed(&call)) {
    pdx_native.pardox_frame_column(*frame, *number - 1, &column, &call.error);
  }
  if (!pdx_failed(&call)) {
    pdx_native.pardox_column_info(column, &found, &rows, &nulls, &chunks, &call.error);
  }
  if (!pdx_failed(&call)) {
    read_parameters(&call, (pdx_piece){(const char *)json, (size_t)length}, *number, &digits,
                    &decimals);
  }
  if (!pdx_failed(&call)) give_name(&call, &text, name, name_length);
  if (dtype != NULL) *dtype = found;
  if (precision != NULL) *precision = digits;
  if (scale != NULL) *scale = decimals;
  pdx_drop(&bytes);
  pdx_drop(&column);
  free(text.data);
  return pdx_end(&call);
}

/*
 * The whole name of the type of the column at `number`, counting from 1: `list(int64)`; status 10
 * behind the last column.
 */
PDX_EXPORT int PDXTYPE(const uint64_t *frame, const int64_t *number, char *area,
                       const int32_t *area_length, int32_t *text_length, pardox_error *error) {
  pdx_call call;
  uint64_t bytes = 0;
  const uint8_t *json = NULL;
  int64_t length = 0, rows = 0, columns = 0;
  pdx_text name = {NULL, 0, 0};
  pdx_begin(&call, "PDXTYPE", error);
  if (pdx_given(&call, frame, "the frame") && pdx_given(&call, number, "the column's number")) {
    pdx_native.pardox_frame_shape(*frame, &rows, &columns, &call.error);
  }
  if (!pdx_failed(&call) && *number < 1) {
    pdx_fault(&call, PARDOX_STATUS_INVALID_ARGUMENT, "a column's number from 1 on", "a smaller one",
              NULL);
  }
  if (!pdx_failed(&call) && *number > columns) {
    pdx_fault(&call, PDX_STATUS_END, "a column", "the end of the columns", NULL);
  }
  if (!pdx_failed(&call)) pdx_native.pardox_frame_schema(*frame, &bytes, &call.error);
  if (!pdx_failed(&call)) pdx_native.pardox_bytes_view(bytes, &json, &length, &call.error);
  if (!pdx_failed(&call)) {
    name = read_dtype(&call, (pdx_piece){(const char *)json, (size_t)length}, *number);
  }
  if (!pdx_failed(&call)) give_name(&call, &name, area, area_length);
  if (text_length != NULL) *text_length = pdx_failed(&call) ? 0 : (int32_t)name.length;
  pdx_drop(&bytes);
  free(name.data);
  return pdx_end(&call);
}

/* A table that travels with a frame; 0 where there is none. */
static int give_attached(pdx_call *call, const uint64_t *frame, const char *name,
                         uint64_t *result) {
  uint64_t attached = 0;
  if (pdx_given(call, frame, "the frame") && pdx_given(call, result, "an item for the result")) {
    pdx_native.pardox_frame_attached(*frame, name, (int64_t)strlen(name), &attached, &call->error);
  }
  if (result != NULL) *result = attached;
  return pdx_end(call);
}

/* The records that reading CSV files set aside, as a frame of its own; 0 where there are none. */
PDX_EXPORT int PDXQUAR(const uint64_t *frame, uint64_t *result, pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXQUAR", error);
  return give_attached(&call, frame, "quarantine", result);
}

/* How often reading CSV files met a fault, as a frame of its own; 0 where nothing was wrong. */
PDX_EXPORT int PDXFLTS(const uint64_t *frame, uint64_t *result, pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXFLTS", error);
  return give_attached(&call, frame, "counts", result);
}

/* The text table that every language prints, into an area. */
PDX_EXPORT int PDXDISP(const uint64_t *frame, const char *options, const int32_t *options_length,
                       char *area, const int32_t *area_length, int32_t *text_length,
                       pardox_error *error) {
  pdx_call call;
  uint64_t bytes = 0;
  pdx_begin(&call, "PDXDISP", error);
  pdx_piece json = pdx_piece_of(&call, options, options_length, "the options' length");
  if (pdx_given(&call, frame, "the frame")) {
    pdx_native.pardox_frame_display(*frame, json.data, (int64_t)json.length, &bytes, &call.error);
  }
  if (!pdx_failed(&call)) pdx_copy_bytes(&call, bytes, area, area_length, text_length);
  else if (text_length != NULL) *text_length = 0;
  pdx_drop(&bytes);
  return pdx_end(&call);
}

/* The next line of a text, padded with blanks; status 10 behind the last. */
PDX_EXPORT int PDXLINE(const char *text, const int32_t *text_length, int32_t *position, char *line,
                       const int32_t *line_length, pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXLINE", error);
  if (!pdx_given(&call, text, "the text") || !pdx_given(&call, text_length, "the text's length") ||
      !pdx_given(&call, position, "the position") || !pdx_given(&call, line, "the line") ||
      !pdx_given(&call, line_length, "the line's length")) {
    return pdx_end(&call);
  }
  if (*position < 0 || *position >= *text_length) {
    pdx_fault(&call, PDX_STATUS_END, "a line", "the end of the text", NULL);
    return pdx_end(&call);
  }
  const char *start = text + *position;
  int32_t left = *text_length - *position;
  const char *newline = memchr(start, '\n', (size_t)left);
  int32_t length = newline == NULL ? left : (int32_t)(newline - start);
  if (length > *line_length) {
    char expected[64], found[32];
    snprintf(expected, sizeof expected, "an area of %d bytes for the line", length);
    snprintf(found, sizeof found, "%d", *line_length);
    pdx_fault(&call, PARDOX_STATUS_LIMIT_EXCEEDED, expected, found, "make the area longer");
    return pdx_end(&call);
  }
  memcpy(line, start, (size_t)length);
  memset(line + length, ' ', (size_t)(*line_length - length));
  *position += length + 1;
  return pdx_end(&call);
}

/* Gives a frame or a reader back and sets it to 0; a second close does nothing. */
PDX_EXPORT int PDXCLOS(uint64_t *handle, pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXCLOS", error);
  if (pdx_given(&call, handle, "the handle")) {
    pdx_native.pardox_release(handle, &call.error);
  }
  return pdx_end(&call);
}

/* The version of the library. */
PDX_EXPORT int PDXVERS(char *area, const int32_t *area_length, int32_t *text_length,
                       pardox_error *error) {
  pdx_call call;
  uint64_t bytes = 0;
  pdx_begin(&call, "PDXVERS", error);
  if (!pdx_failed(&call)) pdx_native.pardox_library_version(&bytes, &call.error);
  if (!pdx_failed(&call)) pdx_copy_bytes(&call, bytes, area, area_length, text_length);
  pdx_drop(&bytes);
  return pdx_end(&call);
}

/* Cancels all work and ends the library's threads; every later call is refused. */
PDX_EXPORT int PDXSHUT(pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXSHUT", error);
  if (!pdx_failed(&call)) pdx_native.pardox_shutdown(&call.error);
  return pdx_end(&call);
}

/* Live handles and the bytes that they hold: what a test of leaks reads. */
PDX_EXPORT int PDXLIVE(int64_t *handle_count, int64_t *size_bytes, pardox_error *error) {
  pdx_call call;
  int64_t handles = 0, bytes = 0;
  pdx_begin(&call, "PDXLIVE", error);
  if (!pdx_failed(&call)) pdx_native.pardox_live(&handles, &bytes, &call.error);
  if (handle_count != NULL) *handle_count = handles;
  if (size_bytes != NULL) *size_bytes = bytes;
  return pdx_end(&call);
}

/* Test aid: a defect of the engine on purpose, here (0) or on a thread of the library (1). */
PDX_EXPORT int PDXPANI(const int32_t *in_worker, pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXPANI", error);
  if (pdx_given(&call, in_worker, "where to panic")) {
    pdx_native.pardox_inject_panic(*in_worker, &call.error);
  }
  return pdx_end(&call);
}
