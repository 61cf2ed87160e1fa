/*
 * Rows like a file: a layout in COBOL's own words, open, fetch.
 *
 *   carrier X(2), n BINARY-DOUBLE, mean_delay S9(5)V99 NULL, FILLER X(3)
 *   0             2                10                  17    18          -> 21 bytes
 *
 * A picture followed by COMP-3 is packed, one in single quotes is edited: `price '-ZZ,ZZ9.99'`.
 * Fields stand one behind the other as in the record's group, without SYNC. NULL puts one byte
 * behind the field, `Y` where the value is null and `N` where it is not.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdxshim.h"

enum { RECORD_BYTES_MAX = 1 << 20, WORD_BYTES_MAX = 64 };

/* What a picture or a usage says of a field. */
typedef struct pdx_picture {
  const char *form; /* NULL for none */
  int64_t length;
  int64_t scale; /* -1: the form has none */
  pdx_piece edited; /* empty: the form has none */
} pdx_picture;

/* Counts a symbol: `XX`, `9(5)`, `9(3)9`. Gives how many characters were read, 0 for none. */
static size_t count_symbol(const char *word, char symbol, int64_t *count) {
  size_t index = 0;
  while (toupper((unsigned char)word[index]) == symbol) {
    index++;
    if (word[index] != '(') {
      *count += 1;
      continue;
    }
    char *end;
    long times = strtol(word + index + 1, &end, 10);
    if (*end != ')' || times < 1 || times > RECORD_BYTES_MAX) return 0;
    *count += times;
    index = (size_t)(end + 1 - word);
  }
  return index;
}

/* `X(10)` and `S9(5)V99`; form NULL where it is neither. */
static pdx_picture read_picture(const char *word) {
  pdx_picture picture = {NULL, 0, -1, {NULL, 0}};
  int64_t whole = 0, decimals = 0;
  if (toupper((unsigned char)*word) == 'X') {
    size_t read = count_symbol(word, 'X', &picture.length);
    if (read > 0 && word[read] == '\0') picture.form = "text";
    return picture;
  }
  if (toupper((unsigned char)*word) != 'S') return picture;
  word++;
  word += count_symbol(word, '9', &whole);
  if (toupper((unsigned char)*word) == 'V') {
    word++;
    word += count_symbol(word, '9', &decimals);
    if (decimals == 0) return picture;
  }
  if (*word != '\0' || whole + decimals == 0) return picture;
  return (pdx_picture){"display", whole + decimals, decimals, {NULL, 0}};
}

static pdx_picture read_usage(const char *word) {
  static const struct {
    const char *word;
    const char *form;
    int64_t length;
  } USAGES[] = {{"BINARY-DOUBLE", "integer", 8}, {"BINARY-LONG", "integer", 4},
                {"BINARY-SHORT", "integer", 2},  {"BINARY-CHAR", "integer", 1},
                {"COMP-2", "float", 8},          {"COMP-1", "float", 4}};
  pdx_piece piece = {word, strlen(word)};
  for (size_t index = 0; index < sizeof USAGES / sizeof *USAGES; index++) {
    if (pdx_word_is(piece, USAGES[index].word)) {
      return (pdx_picture){USAGES[index].form, USAGES[index].length, -1, {NULL, 0}};
    }
  }
  return read_picture(word);
}

/* The next word up to a blank or a comma; empty at a comma or the end. */
static void next_word(pdx_piece *rest, char *word) {
  size_t length = 0;
  pdx_skip_blanks(rest);
  while (rest->length > 0 && strchr(" \t\n,", *rest->data) == NULL) {
    if (length < WORD_BYTES_MAX - 1) word[length++] = *rest->data;
    rest->data++;
    rest->length--;
  }
  word[length] = '\0';
}

static int is_word(const char *word, const char *other) {
  return pdx_word_is((pdx_piece){word, strlen(word)}, other);
}

/* `'-ZZ,ZZ9.99'`: the picture between the quotes, `(n)` counted; form NULL without quotes. */
static pdx_picture next_edited(pdx_piece *rest) {
  pdx_picture picture = {NULL, 0, -1, {NULL, 0}};
  pdx_skip_blanks(rest);
  if (rest->length == 0 || *rest->data != '\'') return picture;
  const char *start = rest->data + 1;
  const char *end = memchr(start, '\'', rest->length - 1);
  if (end == NULL) return picture;
  picture.edited = (pdx_piece){start, (size_t)(end - start)};
  for (const char *at = start; at < end; at++) {
    if (*at != '(') {
      picture.length++;
      continue;
    }
    char *behind;
    long times = strtol(at + 1, &behind, 10);
    if (behind >= end || *behind != ')' || times < 1 || times > RECORD_BYTES_MAX) return picture;
    picture.length += times - 1;
    at = behind;
  }
  picture.form = "edited";
  rest->length -= (size_t)(end + 1 - rest->data);
  rest->data = end + 1;
  return picture;
}

/* The picture behind a name, and whether NULL stands behind it. */
static pdx_picture next_picture(pdx_call *call, pdx_piece *rest, int *is_nullable) {
  char word[WORD_BYTES_MAX];
  pdx_picture picture = next_edited(rest);
  if (picture.form == NULL) {
    next_word(rest, word);
    if (is_word(word, "PIC")) {
      picture = next_edited(rest);
      if (picture.form == NULL) next_word(rest, word);
    }
    if (picture.form == NULL) picture = read_usage(word);
  }
  if (picture.form == NULL) {
    pdx_fault(call, PARDOX_STATUS_INVALID_OPTION,
              "X(n), S9(n), S9(n)V9(m), COMP-3 behind it, a picture in quotes, BINARY-DOUBLE, "
              "-LONG, -SHORT or -CHAR, COMP-2 or COMP-1",
              word, "the record must hold exactly such an item");
  }
  next_word(rest, word);
  if (picture.scale >= 0 && (is_word(word, "COMP-3") || is_word(word, "PACKED-DECIMAL"))) {
    picture.form = "packed";
    picture.length = picture.length / 2 + 1;
    next_word(rest, word);
  }
  if (is_word(word, "UNSIGNED") && picture.form != NULL && strcmp(picture.form, "integer") == 0) {
    picture.form = "unsigned";
    next_word(rest, word);
  }
  *is_nullable = is_word(word, "NULL");
  if (*word != '\0' && !*is_nullable) {
    pdx_fault(call, PARDOX_STATUS_INVALID_OPTION, "NULL or a comma behind the picture", word, NULL);
  }
  pdx_skip_blanks(rest);
  if (rest->length > 0 && *rest->data != ',') {
    pdx_fault(call, PARDOX_STATUS_INVALID_OPTION, "a comma behind the field", "more words", NULL);
  }
  return picture;
}

/* `,"name":number`. */
static void put_number(pdx_call *call, const char *name, int64_t number) {
  pdx_put_word(call, &call->plan, ",\"");
  pdx_put_word(call, &call->plan, name);
  pdx_put_word(call, &call->plan, "\":");
  pdx_put_number(call, &call->plan, number);
}

static void put_field(pdx_call *call, const pdx_text *name, pdx_picture picture, int64_t offset,
                      int is_nullable) {
  if (!call->is_first) pdx_put_word(call, &call->plan, ",");
  call->is_first = 0;
  pdx_put_word(call, &call->plan, "{\"column\":");
  pdx_put_string(call, &call->plan, (pdx_piece){name->data, name->length});
  put_number(call, "offset", offset);
  put_number(call, "length", picture.length);
  if (picture.scale >= 0) put_number(call, "scale", picture.scale);
  if (picture.edited.length > 0) {
    pdx_put_word(call, &call->plan, ",\"picture\":");
    pdx_put_string(call, &call->plan, picture.edited);
  }
  if (is_nullable) put_number(call, "null_offset", offset + picture.length);
  pdx_put_word(call, &call->plan, ",\"form\":\"");
  pdx_put_word(call, &call->plan, picture.form);
  pdx_put_word(call, &call->plan, "\"}");
}

/* Writes the layout as the library reads it; gives the size of a record. */
static int64_t put_layout(pdx_call *call, pdx_piece layout) {
  pdx_text name = {NULL, 0, 0};
  int64_t offset = 0;
  call->is_first = 1;
  pdx_put_word(call, &call->plan, "{\"fields\":[");
  while (layout.length > 0 && !pdx_failed(call)) {
    int has_quotes, is_nullable = 0;
    if (pdx_next_name(call, &layout, &name, &has_quotes) != ' ') {
      pdx_fault(call, PARDOX_STATUS_INVALID_OPTION, "a picture behind the column's name", "none",
                "write `name X(10), n BINARY-DOUBLE`");
      break;
    }
    pdx_picture picture = next_picture(call, &layout, &is_nullable);
    if (pdx_failed(call)) break;
    int is_filler = !has_quotes && pdx_word_is((pdx_piece){name.data, name.length}, "FILLER");
    if (!is_filler) put_field(call, &name, picture, offset, is_nullable);
    offset += picture.length + is_nullable;
    if (offset > RECORD_BYTES_MAX) {
      pdx_fault(call, PARDOX_STATUS_INVALID_OPTION, "a record of at most 1 MiB", "a longer one",
                NULL);
    }
    if (layout.length > 0 && *layout.data == ',') {
      layout.data++;
      layout.length--;
    }
  }
  free(name.data);
  pdx_put_word(call, &call->plan, "]");
  put_number(call, "record_bytes", offset);
  pdx_put_word(call, &call->plan, "}");
  return offset;
}

/* Opens a reader; `record_bytes` is the length of the record that the layout describes. */
PDX_EXPORT int PDXOPEN(const uint64_t *frame, const char *layout, const int32_t *layout_length,
                       const int32_t *record_bytes, uint64_t *reader, pardox_error *error) {
  pdx_call call;
  uint64_t opened = 0;
  pdx_begin(&call, "PDXOPEN", error);
  pdx_piece text = pdx_piece_of(&call, layout, layout_length, "the layout's length");
  if (pdx_given(&call, frame, "the frame") && pdx_given(&call, record_bytes, "the record's length")
      && pdx_given(&call, reader, "an item for the reader")) {
    int64_t size_bytes = put_layout(&call, text);
    if (size_bytes != *record_bytes) {
      char expected[64], found[64];
      snprintf(expected, sizeof expected, "a record of %lld bytes by the layout",
               (long long)size_bytes);
      snprintf(found, sizeof found, "%d", *record_bytes);
      pdx_fault(&call, PARDOX_STATUS_INVALID_OPTION, expected, found,
                "layout and record must be the same, item by item");
    }
  }
  if (!pdx_failed(&call)) {
    pdx_native.pardox_reader_open(*frame, call.plan.data, (int64_t)call.plan.length, &opened,
                                  &call.error);
  }
  if (reader != NULL) *reader = opened;
  return pdx_end(&call);
}

/* Fetches the next records, at most `count`; status 10 when there are none. */
PDX_EXPORT int PDXFTCH(const uint64_t *reader, uint8_t *area, const int32_t *area_length,
                       const int32_t *count, int32_t *fetched, pardox_error *error) {
  pdx_call call;
  int64_t got = 0;
  pdx_begin(&call, "PDXFTCH", error);
  if (pdx_given(&call, reader, "the reader") && pdx_given(&call, area, "the record") &&
      pdx_given(&call, area_length, "the record's length") &&
      pdx_given(&call, count, "the number of records")) {
    if (*count < 1) {
      pdx_fault(&call, PARDOX_STATUS_INVALID_ARGUMENT, "one record or more to fetch", "none", NULL);
    } else {
      pdx_native.pardox_reader_fetch(*reader, area, *area_length, *count, &got, &call.error);
    }
  }
  if (!pdx_failed(&call) && got == 0) {
    pdx_fault(&call, PDX_STATUS_END, "a row", "the end of the rows", NULL);
  }
  if (fetched != NULL) *fetched = (int32_t)got;
  return pdx_end(&call);
}
