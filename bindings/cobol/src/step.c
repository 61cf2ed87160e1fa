/*
 * The fields of a step, one function for each kind of the model:
 *
 *   {"schema":1,"engine":"0.1","plan":{"filter":{ "input":{"frame":{"index":0}}, ... }}}
 *                                      pdx_step  pdx_field_frame            ...  pdx_run closes
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdxshim.h"

void pdx_step(pdx_call *call, const char *node) {
  pdx_put_word(call, &call->plan, "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"");
  pdx_put_word(call, &call->plan, node);
  pdx_put_word(call, &call->plan, "\":{");
  call->is_first = 1;
}

static void field(pdx_call *call, const char *name) {
  if (!call->is_first) pdx_put_word(call, &call->plan, ",");
  call->is_first = 0;
  pdx_put_word(call, &call->plan, "\"");
  pdx_put_word(call, &call->plan, name);
  pdx_put_word(call, &call->plan, "\":");
}

/* Writes a frame's place, having put it among those handed in. */
static void put_frame(pdx_call *call, uint64_t *frame) {
  if (!pdx_given(call, frame, "the frame")) return;
  if (call->frame_count == PDX_FRAMES_MAX) {
    pdx_fault(call, PARDOX_STATUS_LIMIT_EXCEEDED, "at most 16 frames", "more", NULL);
    return;
  }
  pdx_put_word(call, &call->plan, "{\"frame\":{\"index\":");
  pdx_put_number(call, &call->plan, call->frame_count);
  pdx_put_word(call, &call->plan, "}}");
  call->frames[call->frame_count] = *frame;
  call->sources[call->frame_count] = frame;
  call->frame_count++;
}

void pdx_field_frame(pdx_call *call, const char *name, uint64_t *frame) {
  field(call, name);
  put_frame(call, frame);
}

void pdx_field_handle(pdx_call *call, const char *name, uint64_t *handle) {
  field(call, name);
  if (pdx_failed(call)) return;
  pdx_put_number(call, &call->plan, call->frame_count);
  call->frames[call->frame_count] = *handle;
  call->sources[call->frame_count] = handle;
  call->frame_count++;
}

void pdx_field_frames(pdx_call *call, const char *name, uint64_t *first, uint64_t *second) {
  field(call, name);
  pdx_put_word(call, &call->plan, "[");
  put_frame(call, first);
  pdx_put_word(call, &call->plan, ",");
  put_frame(call, second);
  pdx_put_word(call, &call->plan, "]");
}

void pdx_field_fixed(pdx_call *call, const char *name, const char *json) {
  field(call, name);
  pdx_put_word(call, &call->plan, json);
}

void pdx_field_text(pdx_call *call, const char *name, pdx_piece piece) {
  field(call, name);
  pdx_put_string(call, &call->plan, piece);
}

/* One of a few words, or a default: left out where there is neither. */
void pdx_field_choice(pdx_call *call, const char *name, pdx_piece piece, const char *otherwise) {
  if (piece.length > 0) pdx_field_text(call, name, piece);
  else if (otherwise != NULL) pdx_field_fixed(call, name, otherwise);
}

static void put_text(pdx_call *call, pdx_piece piece) {
  pdx_put_word(call, &call->plan, "{\"text\":");
  pdx_put_string(call, &call->plan, piece);
  pdx_put_word(call, &call->plan, "}");
}

void pdx_field_expression(pdx_call *call, const char *name, pdx_piece piece) {
  field(call, name);
  put_text(call, piece);
}

/* Items or sort keys: one text stands for all of them. */
void pdx_field_texts(pdx_call *call, const char *name, pdx_piece piece) {
  field(call, name);
  pdx_put_word(call, &call->plan, "[");
  if (piece.length > 0) put_text(call, piece);
  pdx_put_word(call, &call->plan, "]");
}

/* What stands between the names of a list was not a comma. */
static void no_comma(pdx_call *call, pdx_piece rest) {
  char found[48];
  snprintf(found, sizeof found, "\"%.*s\"", (int)(rest.length > 32 ? 32 : rest.length), rest.data);
  pdx_fault(call, PARDOX_STATUS_SYNTAX, "a comma behind the name", found,
            "a name with blanks stands in double quotes");
}

static pdx_piece piece_of(const pdx_text *text) { return (pdx_piece){text->data, text->length}; }

void pdx_field_names(pdx_call *call, const char *name, pdx_piece piece) {
  field(call, name);
  pdx_put_word(call, &call->plan, "[");
  pdx_text one = {NULL, 0, 0};
  for (int end = piece.length > 0 ? ',' : 0, count = 0; end != 0 && !pdx_failed(call); count++) {
    int has_quotes;
    end = pdx_next_name(call, &piece, &one, &has_quotes);
    if (end != 0 && end != ',') no_comma(call, piece);
    if (count > 0) pdx_put_word(call, &call->plan, ",");
    pdx_put_string(call, &call->plan, piece_of(&one));
  }
  free(one.data);
  pdx_put_word(call, &call->plan, "]");
}

void pdx_field_names_or_all(pdx_call *call, const char *name, pdx_piece piece) {
  if (piece.length > 0) pdx_field_names(call, name, piece);
  else pdx_field_fixed(call, name, "null");
}

/* Writes `{"first":..,"second":..}`. */
static void put_pair(pdx_call *call, const char *first_name, const pdx_text *first,
                     const char *second_name, const pdx_text *second, int is_first) {
  pdx_put_word(call, &call->plan, is_first ? "{\"" : ",{\"");
  pdx_put_word(call, &call->plan, first_name);
  pdx_put_word(call, &call->plan, "\":");
  pdx_put_string(call, &call->plan, piece_of(first));
  pdx_put_word(call, &call->plan, ",\"");
  pdx_put_word(call, &call->plan, second_name);
  pdx_put_word(call, &call->plan, "\":");
  pdx_put_string(call, &call->plan, piece_of(second));
  pdx_put_word(call, &call->plan, "}");
}

/* `region, code = id`: names that both tables have, or pairs of names. */
void pdx_field_keys(pdx_call *call, const char *name, pdx_piece piece) {
  field(call, name);
  pdx_put_word(call, &call->plan, "[");
  pdx_text left = {NULL, 0, 0}, right = {NULL, 0, 0};
  for (int end = piece.length > 0 ? ',' : 0, count = 0; end != 0 && !pdx_failed(call); count++) {
    int has_quotes;
    end = pdx_next_name(call, &piece, &left, &has_quotes);
    int is_pair = end == '=';
    if (is_pair) end = pdx_next_name(call, &piece, &right, &has_quotes);
    if (end != 0 && end != ',') no_comma(call, piece);
    put_pair(call, "left", &left, "right", is_pair ? &right : &left, count == 0);
  }
  free(left.data);
  free(right.data);
  pdx_put_word(call, &call->plan, "]");
}

/* `price as price_eur, n as count`. */
void pdx_field_renamings(pdx_call *call, const char *name, pdx_piece piece) {
  field(call, name);
  pdx_put_word(call, &call->plan, "[");
  pdx_text from = {NULL, 0, 0}, word = {NULL, 0, 0}, to = {NULL, 0, 0};
  for (int end = piece.length > 0 ? ',' : 0, count = 0; end != 0 && !pdx_failed(call); count++) {
    int has_quotes;
    end = pdx_next_name(call, &piece, &from, &has_quotes);
    if (end == ' ') end = pdx_next_name(call, &piece, &word, &has_quotes);
    if (end != ' ' || has_quotes || !pdx_word_is(piece_of(&word), "as")) {
      pdx_fault(call, PARDOX_STATUS_SYNTAX, "`old as new`", "something else",
                "a name with blanks stands in double quotes");
      break;
    }
    end = pdx_next_name(call, &piece, &to, &has_quotes);
    if (end != 0 && end != ',') no_comma(call, piece);
    put_pair(call, "from", &from, "to", &to, count == 0);
  }
  free(from.data);
  free(word.data);
  free(to.data);
  pdx_put_word(call, &call->plan, "]");
}

/* Whether the text is one JSON object and nothing behind it; the engine reads what is in it. */
static int is_one_value(pdx_piece piece, char opening) {
  int depth = 0, in_string = 0;
  for (size_t index = 0; index < piece.length; index++) {
    char byte = piece.data[index];
    if (index > 0 && depth == 0) return 0;
    if (in_string) {
      if (byte == '\\') index++;
      else if (byte == '"') in_string = 0;
    } else if (byte == '"') in_string = 1;
    else if (byte == '{' || byte == '[') depth++;
    else if (byte == '}' || byte == ']') depth--;
  }
  return piece.length > 0 && *piece.data == opening && depth == 0 && !in_string;
}

void pdx_field_options(pdx_call *call, const char *name, pdx_piece piece) {
  pdx_skip_blanks(&piece);
  if (piece.length == 0) return;
  if (!is_one_value(piece, '{')) {
    pdx_fault(call, PARDOX_STATUS_INVALID_OPTION, "one JSON object such as {\"delimiter\":\";\"}",
              "something else", NULL);
  }
  field(call, name);
  pdx_put(call, &call->plan, piece.data, piece.length);
}

/* A path, or a JSON list of paths: text that starts as `["` or as `[ "` does. */
void pdx_field_source(pdx_call *call, const char *name, pdx_piece piece) {
  pdx_piece list = piece;
  pdx_skip_blanks(&list);
  if (list.length > 0 && *list.data == '[') {
    pdx_piece inner = {list.data + 1, list.length - 1};
    pdx_skip_blanks(&inner);
    if (inner.length > 0 && *inner.data == '"') {
      if (!is_one_value(list, '[')) {
        pdx_fault(call, PARDOX_STATUS_INVALID_OPTION, "a list such as [\"a.csv\",\"b.csv\"]",
                  "something else", NULL);
      }
      field(call, "paths");
      pdx_put(call, &call->plan, list.data, list.length);
      return;
    }
  }
  pdx_field_text(call, name, piece);
}

static void put_count(pdx_call *call, int64_t count) {
  if (count < 0) {
    char found[24];
    snprintf(found, sizeof found, "%lld", (long long)count);
    pdx_fault(call, PARDOX_STATUS_INVALID_ARGUMENT, "a count that is not negative", found, NULL);
  }
  pdx_put_number(call, &call->plan, count);
}

void pdx_field_count(pdx_call *call, const char *name, const int64_t *count, int64_t otherwise) {
  field(call, name);
  put_count(call, count == NULL ? otherwise : *count);
}

/* -1, or an item that is left out, means all rows. */
void pdx_field_count_or_all(pdx_call *call, const char *name, const int64_t *count) {
  field(call, name);
  if (count == NULL || *count == -1) pdx_put_word(call, &call->plan, "null");
  else put_count(call, *count);
}

/* Whether the count of an OCCURS table is within it. */
static int is_count(pdx_call *call, int32_t count, int32_t max, const char *what) {
  if (count >= 0 && count <= max) return 1;
  char expected[64], found[24];
  snprintf(expected, sizeof expected, "%s of 0 to %d", what, max);
  snprintf(found, sizeof found, "%d", count);
  pdx_fault(call, PARDOX_STATUS_INVALID_ARGUMENT, expected, found, NULL);
  return 0;
}

void pdx_field_tables(pdx_call *call, const char *name, pdx_tables *tables) {
  if (tables == NULL || !is_count(call, tables->count, PDX_TABLES_MAX, "a PDX-TABLE-COUNT")) return;
  field(call, name);
  pdx_put_word(call, &call->plan, "{");
  for (int32_t index = 0; index < tables->count; index++) {
    if (index > 0) pdx_put_word(call, &call->plan, ",");
    pdx_put_string(call, &call->plan,
                   pdx_fixed(tables->table[index].name, sizeof tables->table[index].name));
    pdx_put_word(call, &call->plan, ":");
    put_frame(call, &tables->table[index].frame);
  }
  pdx_put_word(call, &call->plan, "}");
}

static void put_param(pdx_call *call, const char *type, pdx_piece value) {
  pdx_text *out = &call->params;
  if (strcmp(type, "null") == 0) {
    pdx_put_word(call, out, "\"null\"");
    return;
  }
  pdx_put_word(call, out, "{\"");
  pdx_put_word(call, out, type);
  pdx_put_word(call, out, "\":");
  if (strcmp(type, "bool") != 0) pdx_put_string(call, out, value);
  else if (pdx_word_is(value, "true") || pdx_word_is(value, "Y")) pdx_put_word(call, out, "true");
  else if (pdx_word_is(value, "false") || pdx_word_is(value, "N")) pdx_put_word(call, out, "false");
  else {
    pdx_fault(call, PARDOX_STATUS_PARAMETER, "a bool as true, false, Y or N", "something else",
              NULL);
  }
  pdx_put_word(call, out, "}");
}

/* Values of `:name`; numbers may come from edited items, with blanks before them. */
void pdx_give_params(pdx_call *call, const pdx_params *params) {
  static const char *const TYPES[] = {"utf8",   "int64",  "float64", "bool",   "date",
                                      "timestamp", "int8", "int16",   "int32",  "uint8",
                                      "uint16", "uint32", "uint64",  "float32", "decimal", "null"};
  if (params == NULL || !is_count(call, params->count, PDX_PARAMS_MAX, "a PDX-PARAM-COUNT")) return;
  if (params->count == 0) return;
  pdx_put_word(call, &call->params, "{");
  for (int32_t index = 0; index < params->count; index++) {
    pdx_piece type = pdx_fixed(params->param[index].type, sizeof params->param[index].type);
    const char *known = NULL;
    for (size_t one = 0; one < sizeof TYPES / sizeof *TYPES; one++) {
      if (pdx_word_is(type, TYPES[one])) known = TYPES[one];
    }
    int32_t length = params->param[index].length;
    if (known == NULL) {
      char found[32];
      snprintf(found, sizeof found, "\"%.*s\"", (int)type.length, type.data);
      pdx_fault(call, PARDOX_STATUS_PARAMETER,
                "utf8, bool, date, timestamp, null, int8 to int64, uint8 to uint64, float32, "
                "float64 or decimal as PDX-PARAM-TYPE",
                found,
                NULL);
      return;
    }
    if (!is_count(call, length, sizeof params->param[index].value, "a PDX-PARAM-LENGTH")) return;
    pdx_piece value = pdx_fixed(params->param[index].value, sizeof params->param[index].value);
    if (length > 0) value.length = (size_t)length;
    if (strcmp(known, "utf8") != 0) pdx_skip_blanks(&value);
    if (index > 0) pdx_put_word(call, &call->params, ",");
    pdx_put_string(call, &call->params,
                   pdx_fixed(params->param[index].name, sizeof params->param[index].name));
    pdx_put_word(call, &call->params, ":");
    put_param(call, known, value);
  }
  pdx_put_word(call, &call->params, "}");
}
