/*
 * Text of COBOL to text of JSON.
 *
 *   "carrier, \"air time\"     "  --pdx_piece_of-->  carrier, "air time"  --pdx_next_name--> names
 *
 * Bytes pass as they are: the engine refuses what is no UTF-8.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pdxshim.h"

pdx_piece pdx_fixed(const char *area, size_t length) {
  while (length > 0 && area[length - 1] == ' ') length--;
  return (pdx_piece){area, length};
}

pdx_piece pdx_piece_of(pdx_call *call, const char *area, const int32_t *length, const char *what) {
  if (area == NULL) return (pdx_piece){"", 0};
  if (!pdx_given(call, length, what)) return (pdx_piece){"", 0};
  if (*length < 0 || *length > PDX_TEXT_BYTES_MAX) {
    char found[96], expected[64];
    snprintf(expected, sizeof expected, "a length of 0 to %d", PDX_TEXT_BYTES_MAX);
    snprintf(found, sizeof found, "%d for %s", *length, what);
    pdx_fault(call, PARDOX_STATUS_INVALID_ARGUMENT, expected, found, "pass LENGTH OF the area");
    return (pdx_piece){"", 0};
  }
  return pdx_fixed(area, (size_t)*length);
}

int pdx_word_is(pdx_piece piece, const char *word) {
  return piece.length == strlen(word) && strncasecmp(piece.data, word, piece.length) == 0;
}

void pdx_put(pdx_call *call, pdx_text *text, const char *data, size_t length) {
  if (pdx_failed(call)) return;
  if (text->capacity - text->length < length) {
    size_t capacity = text->capacity * 2 + length + 256;
    char *grown = realloc(text->data, capacity);
    if (grown == NULL) {
      pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, "memory for the question", "none", NULL);
      return;
    }
    text->data = grown;
    text->capacity = capacity;
  }
  memcpy(text->data + text->length, data, length);
  text->length += length;
}

void pdx_put_word(pdx_call *call, pdx_text *text, const char *word) {
  pdx_put(call, text, word, strlen(word));
}

void pdx_put_number(pdx_call *call, pdx_text *text, int64_t number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)number);
  pdx_put_word(call, text, digits);
}

void pdx_put_string(pdx_call *call, pdx_text *text, pdx_piece piece) {
  pdx_put_word(call, text, "\"");
  for (size_t start = 0, index = 0; index <= piece.length; index++) {
    unsigned char byte = index < piece.length ? (unsigned char)piece.data[index] : 0;
    int is_special = byte < 0x20 || byte == '"' || byte == '\\';
    if (index < piece.length && !is_special) continue;
    pdx_put(call, text, piece.data + start, index - start);
    start = index + 1;
    if (index == piece.length) break;
    char escape[8];
    snprintf(escape, sizeof escape, byte < 0x20 ? "\\u%04x" : "\\%c", byte);
    pdx_put_word(call, text, escape);
  }
  pdx_put_word(call, text, "\"");
}

void pdx_skip_blanks(pdx_piece *rest) {
  while (rest->length > 0 && (*rest->data == ' ' || *rest->data == '\t' || *rest->data == '\n')) {
    rest->data++;
    rest->length--;
  }
}

/* A name in double quotes, a quote within it doubled. `rest` stands on the first quote. */
static void quoted_name(pdx_call *call, pdx_piece *rest, pdx_text *name) {
  size_t index = 1;
  for (; index < rest->length; index++) {
    if (rest->data[index] == '"') {
      if (index + 1 == rest->length || rest->data[index + 1] != '"') break;
      index++;
    }
    pdx_put(call, name, rest->data + index, 1);
  }
  if (index >= rest->length) {
    pdx_fault(call, PARDOX_STATUS_SYNTAX, "a closing quote behind the name", "the end of the text",
              NULL);
    return;
  }
  rest->data += index + 1;
  rest->length -= index + 1;
}

int pdx_next_name(pdx_call *call, pdx_piece *rest, pdx_text *name, int *has_quotes) {
  name->length = 0;
  pdx_skip_blanks(rest);
  *has_quotes = rest->length > 0 && *rest->data == '"';
  if (*has_quotes) quoted_name(call, rest, name);
  else {
    size_t length = 0;
    while (length < rest->length && strchr(" \t\n,=\"", rest->data[length]) == NULL) length++;
    pdx_put(call, name, rest->data, length);
    rest->data += length;
    rest->length -= length;
  }
  if (name->length == 0 && !*has_quotes) {
    char found[2] = {rest->length > 0 ? *rest->data : '\0', '\0'};
    pdx_fault(call, PARDOX_STATUS_SYNTAX, "a column's name", rest->length > 0 ? found : "the end",
              "part names by commas; a name with blanks stands in double quotes");
  }
  if (name->length > PDX_NAME_BYTES_MAX) {
    pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, "a name of at most 1024 bytes", "a longer one",
              NULL);
  }
  if (pdx_failed(call)) return 0;
  int had_blank = rest->length > 0 && strchr(" \t\n", *rest->data) != NULL;
  pdx_skip_blanks(rest);
  if (rest->length == 0) return 0;
  if (*rest->data != ',' && *rest->data != '=') return had_blank ? ' ' : *rest->data;
  int end = *rest->data;
  rest->data++;
  rest->length--;
  return end;
}
