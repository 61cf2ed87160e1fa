/*
 * What a CSV file seems to be, and CSV text that a program writes piece by piece.
 *
 *   PDXFOPN --> PDXFWRT, as often as one likes --> PDXFRED: a frame
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdxshim.h"

/* The one value of a column as text; whether it is there. */
static int text_value(pdx_call *call, uint64_t column, pdx_text *text) {
  int64_t offsets[2], copied = 0, needed = 0;
  uint8_t present = 0, none = 0;
  text->length = 0;
  // The first look says how long the text is; it may be that nothing fits.
  pdx_native.pardox_column_copy_text(column, 0, 1, offsets, sizeof offsets, &none, 0, &present, 1,
                                     &copied, &needed, &call->error);
  if (pdx_failed(call) || (copied == 1 && needed == 0)) return present;
  uint8_t *bytes = malloc((size_t)needed);
  if (bytes == NULL) {
    pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, "memory for a text", "none", NULL);
    return 0;
  }
  pdx_native.pardox_column_copy_text(column, 0, 1, offsets, sizeof offsets, bytes, needed,
                                     &present, 1, &copied, &needed, &call->error);
  size_t length = (size_t)(offsets[1] - offsets[0]);
  if (!pdx_failed(call)) pdx_put(call, text, (const char *)bytes, length);
  free(bytes);
  return present;
}

/* Appends the one value of a column as JSON. */
static void put_value(pdx_call *call, pdx_text *out, uint64_t column, int32_t dtype) {
  int64_t number = 0, copied = 0;
  uint8_t truth = 0, present = 0;
  pdx_text text = {NULL, 0, 0};
  switch (dtype) {
  case PARDOX_DTYPE_UTF8:
  case PARDOX_DTYPE_DICTIONARY:
    if (text_value(call, column, &text)) {
      pdx_put_string(call, out, (pdx_piece){text.data, text.length});
    } else {
      pdx_put_word(call, out, "null");
    }
    free(text.data);
    return;
  case PARDOX_DTYPE_BOOL:
    pdx_native.pardox_column_copy(column, 0, 1, &truth, sizeof truth, &present, 1, &copied,
                                  &call->error);
    pdx_put_word(call, out, !present ? "null" : truth ? "true" : "false");
    return;
  default:
    pdx_native.pardox_column_copy(column, 0, 1, &number, sizeof number, &present, 1, &copied,
                                  &call->error);
    if (present) pdx_put_number(call, out, number);
    else pdx_put_word(call, out, "null");
  }
}

/* A text into an area, padded with blanks: all of it or a fault. */
static void give_text(pdx_call *call, const pdx_text *text, char *area, const int32_t *length) {
  if (!pdx_given(call, area, "an area for the text")) return;
  if (!pdx_given(call, length, "the area's length")) return;
  if ((int64_t)text->length > *length) {
    char expected[64], found[32];
    snprintf(expected, sizeof expected, "an area of %zu bytes", text->length);
    snprintf(found, sizeof found, "%d", *length);
    pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, expected, found, "make the area longer");
    return;
  }
  memset(area, ' ', (size_t)*length);
  if (text->length > 0) memcpy(area, text->data, text->length);
}

/* One column of the answer: an option of `options`, or what is told beside. */
static void read_column(pdx_call *call, uint64_t column, const pdx_text *name, pdx_text *options,
                        int64_t *column_count, double *confidence, pdx_text *doubt) {
  pdx_piece word = {name->data, name->length};
  int64_t rows = 0, nulls = 0, chunks = 0, copied = 0;
  int32_t dtype = 0;
  if (pdx_word_is(word, "columns")) {
    pdx_native.pardox_column_copy(column, 0, 1, column_count, sizeof *column_count, NULL, 0,
                                  &copied, &call->error);
  } else if (pdx_word_is(word, "confidence")) {
    pdx_native.pardox_column_copy(column, 0, 1, confidence, sizeof *confidence, NULL, 0, &copied,
                                  &call->error);
  } else if (pdx_word_is(word, "doubt")) {
    text_value(call, column, doubt);
  } else {
    pdx_native.pardox_column_info(column, &dtype, &rows, &nulls, &chunks, &call->error);
    if (options->length > 1) pdx_put_word(call, options, ",");
    pdx_put_string(call, options, word);
    pdx_put_word(call, options, ":");
    put_value(call, options, column, dtype);
  }
}

int pdx_run_sniff(pdx_call *call, char *found, const int32_t *found_length, int32_t *text_length,
                  int64_t *column_count, double *confidence, char *doubt,
                  const int32_t *doubt_length) {
  uint64_t frame = pdx_answer(call), schema = 0;
  const uint8_t *json = NULL;
  int64_t json_length = 0, columns = 0;
  double sure = 0;
  pdx_text options = {NULL, 0, 0}, said = {NULL, 0, 0};
  pdx_put_word(call, &options, "{");
  if (!pdx_failed(call)) pdx_native.pardox_frame_schema(frame, &schema, &call->error);
  if (!pdx_failed(call)) pdx_native.pardox_bytes_view(schema, &json, &json_length, &call->error);
  for (int64_t number = 1; !pdx_failed(call); number++) {
    uint64_t column = 0;
    pdx_text name = {NULL, 0, 0};
    pdx_piece rest = {(const char *)json, (size_t)json_length};
    int is_there = pdx_read_name(call, rest, number, &name);
    if (is_there) pdx_native.pardox_frame_column(frame, number - 1, &column, &call->error);
    if (is_there && !pdx_failed(call)) {
      read_column(call, column, &name, &options, &columns, &sure, &said);
    }
    free(name.data);
    pdx_drop(&column);
    if (!is_there) break;
  }
  pdx_put_word(call, &options, "}");
  if (!pdx_failed(call)) give_text(call, &options, found, found_length);
  if (!pdx_failed(call)) give_text(call, &said, doubt, doubt_length);
  int is_done = !pdx_failed(call);
  if (text_length != NULL) *text_length = is_done ? (int32_t)options.length : 0;
  if (column_count != NULL) *column_count = is_done ? columns : 0;
  if (confidence != NULL) *confidence = is_done ? sure : 0;
  free(options.data);
  free(said.data);
  pdx_drop(&schema);
  pdx_drop(&frame);
  return pdx_end(call);
}

/* Opens a feed; messages call it by its name. */
PDX_EXPORT int PDXFOPN(const char *name, const int32_t *name_length, uint64_t *feed,
                       pardox_error *error) {
  pdx_call call;
  uint64_t opened = 0;
  pdx_text options = {NULL, 0, 0};
  pdx_begin(&call, "PDXFOPN", error);
  pdx_given(&call, feed, "an item for the feed");
  pdx_piece said = pdx_piece_of(&call, name, name_length, "the name's length");
  if (said.length > 0) {
    pdx_put_word(&call, &options, "{\"name\":");
    pdx_put_string(&call, &options, said);
    pdx_put_word(&call, &options, "}");
  }
  if (!pdx_failed(&call)) {
    pdx_native.pardox_feed_open(options.data, (int64_t)options.length, &opened, &call.error);
  }
  if (feed != NULL) *feed = opened;
  free(options.data);
  return pdx_end(&call);
}

/* Writes the bytes of an area to a feed, trailing blanks too. */
PDX_EXPORT int PDXFWRT(const uint64_t *feed, const char *bytes, const int32_t *length,
                       pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXFWRT", error);
  if (pdx_given(&call, feed, "the feed") && pdx_given(&call, bytes, "the bytes") &&
      pdx_given(&call, length, "the bytes' length")) {
    pdx_native.pardox_feed_write(*feed, (const uint8_t *)bytes, *length, &call.error);
  }
  return pdx_end(&call);
}

/* Reads a feed, which is written to its end, into a frame; the feed is closed in any case. */
PDX_EXPORT int PDXFRED(uint64_t *feed, const char *options, const int32_t *options_length,
                       uint64_t *result, pardox_error *error) {
  pdx_call call;
  pdx_begin(&call, "PDXFRED", error);
  pdx_given(&call, feed, "the feed");
  if (!pdx_failed(&call)) pdx_native.pardox_feed_finish(*feed, &call.error);
  pdx_step(&call, "scan_csv");
  pdx_field_handle(&call, "feed", feed);
  pdx_field_options(&call, "options",
      pdx_piece_of(&call, options, options_length, "PDX-OPTIONS-LENGTH"));
  int return_code = pdx_run(&call, result);
  if (feed != NULL) pdx_drop(feed);
  return return_code;
}
