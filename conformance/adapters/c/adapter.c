/*
 * The conformance adapter of C: raw plan documents on the raw ABI, as docs/conformance.md says.
 *
 *   stdin   case <id> <result|canonical|quarantine|counts> <befores> <frames>
 *           then befores, frames, plan, params: each `<size in bytes>\n<bytes>\n`
 *   stdout  one JSON line for each case: ok, canonical or error
 *
 * Handles must all be released when a case ends; one that is left ends the adapter.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pardox.h"

enum { ID_SIZE_MAX = 256, DOCUMENTS_MAX = 16, COLUMNS_MAX = 256, WAIT_FOR_EVER = -1 };

/* Text from stdin. */
typedef struct {
  char *data;
  int64_t length;
} Text;

typedef struct {
  char id[ID_SIZE_MAX];
  int is_canonical;
  char want[16]; /* result, canonical, or the name of a table that travels with the result */
  int before_count;
  int frame_count;
  Text documents[DOCUMENTS_MAX]; /* befores, frames, plan */
  Text params;
} Request;

static void stop(const char *format, ...) {
  va_list parts;
  va_start(parts, format);
  vfprintf(stderr, format, parts);
  va_end(parts);
  fputc('\n', stderr);
  exit(2);
}

/* ---- requests ---- */

static Text read_text(void) {
  Text text = {NULL, 0};
  if (scanf("%" SCNd64, &text.length) != 1 || text.length < 0) stop("expected a size");
  if (getchar() != '\n') stop("expected a newline behind the size");
  text.data = malloc((size_t)text.length + 1);
  if (text.data == NULL) stop("no memory");
  if (fread(text.data, 1, (size_t)text.length, stdin) != (size_t)text.length) stop("cut short");
  if (getchar() != '\n') stop("expected a newline behind the text");
  return text;
}

/* 0 at the end of the input. */
static int read_request(Request *request) {
  int found = scanf(" case %255s %15s %d %d", request->id, request->want,
                    &request->before_count, &request->frame_count);
  if (found == EOF) return 0;
  int count = request->before_count + request->frame_count + 1;
  if (found != 4 || count > DOCUMENTS_MAX) stop("expected a case");
  request->is_canonical = strcmp(request->want, "canonical") == 0;
  for (int index = 0; index < count; index++) request->documents[index] = read_text();
  request->params = read_text();
  return 1;
}

static void free_request(Request *request) {
  int count = request->before_count + request->frame_count + 1;
  for (int index = 0; index < count; index++) free(request->documents[index].data);
  free(request->params.data);
}

/* ---- answers ---- */

static void print_text(const char *text, int64_t length) {
  putchar('"');
  for (int64_t index = 0; index < length; index++) {
    unsigned char byte = (unsigned char)text[index];
    if (byte == '"' || byte == '\\') printf("\\%c", byte);
    else if (byte < 0x20) printf("\\u%04x", byte);
    else putchar(byte);
  }
  putchar('"');
}

static const char *kind_name(int32_t status) {
  switch (status) {
    case PARDOX_STATUS_INVALID_ARGUMENT: return "invalid_argument";
    case PARDOX_STATUS_INVALID_HANDLE: return "invalid_handle";
    case PARDOX_STATUS_RELEASED_HANDLE: return "released_handle";
    case PARDOX_STATUS_BUSY: return "busy";
    case PARDOX_STATUS_CANCELLED: return "cancelled";
    case PARDOX_STATUS_FORKED: return "forked";
    case PARDOX_STATUS_SHUT_DOWN: return "shut_down";
    case PARDOX_STATUS_INTERNAL: return "internal";
    case PARDOX_STATUS_UNSUPPORTED: return "unsupported";
    case PARDOX_STATUS_NOT_FOUND: return "not_found";
    case PARDOX_STATUS_PERMISSION_DENIED: return "permission_denied";
    case PARDOX_STATUS_IS_DIRECTORY: return "is_directory";
    case PARDOX_STATUS_DISK_FULL: return "disk_full";
    case PARDOX_STATUS_FILE_CHANGED: return "file_changed";
    case PARDOX_STATUS_IO: return "io";
    case PARDOX_STATUS_LIMIT_EXCEEDED: return "limit_exceeded";
    case PARDOX_STATUS_EMPTY_INPUT: return "empty_input";
    case PARDOX_STATUS_INVALID_UTF8: return "invalid_utf8";
    case PARDOX_STATUS_FIELD_COUNT: return "field_count";
    case PARDOX_STATUS_UNTERMINATED_QUOTE: return "unterminated_quote";
    case PARDOX_STATUS_STRAY_QUOTE: return "stray_quote";
    case PARDOX_STATUS_BAD_VALUE: return "bad_value";
    case PARDOX_STATUS_DUPLICATE_COLUMN: return "duplicate_column";
    case PARDOX_STATUS_CORRUPT_FILE: return "corrupt_file";
    case PARDOX_STATUS_UNSUPPORTED_VERSION: return "unsupported_version";
    case PARDOX_STATUS_INVALID_OPTION: return "invalid_option";
    case PARDOX_STATUS_INVALID_PLAN: return "invalid_plan";
    case PARDOX_STATUS_SYNTAX: return "syntax";
    case PARDOX_STATUS_UNKNOWN_COLUMN: return "unknown_column";
    case PARDOX_STATUS_UNKNOWN_TABLE: return "unknown_table";
    case PARDOX_STATUS_UNKNOWN_FUNCTION: return "unknown_function";
    case PARDOX_STATUS_PARAMETER: return "parameter";
    case PARDOX_STATUS_TYPE_MISMATCH: return "type_mismatch";
    case PARDOX_STATUS_OVERFLOW: return "overflow";
    case PARDOX_STATUS_DIVISION_BY_ZERO: return "division_by_zero";
    case PARDOX_STATUS_BAD_CAST: return "bad_cast";
    default: stop("status %d has no name", status); return "";
  }
}

/* A part of an error that may be unknown: length 0, or a number below 0. */
static void print_part(const char *name, const char *text, uint32_t length) {
  printf(",\"%s\":", name);
  if (length == 0) printf("null");
  else print_text(text, length);
}

static void print_number(const char *name, int64_t number) {
  if (number < 0) printf(",\"%s\":null", name);
  else printf(",\"%s\":%" PRId64, name, number);
}

static void print_error(const char *id, const pardox_error *error) {
  printf("{\"id\":\"%s\",\"error\":{\"kind\":\"%s\",\"message\":", id, kind_name(error->status));
  print_text(error->message, error->message_length);
  print_part("file", error->file, error->file_length);
  print_part("column", error->column, error->column_length);
  print_part("expected", error->expected, error->expected_length);
  print_part("found", error->found, error->found_length);
  print_part("hint", error->hint, error->hint_length);
  print_number("record", error->record);
  print_number("line", error->line);
  print_number("byte_offset", error->byte_offset);
  printf("}}\n");
}

/* Proleptic Gregorian date of a day number, after Howard Hinnant's `civil_from_days`. */
static void print_date(int64_t days) {
  int64_t shifted = days + 719468;
  int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  int64_t day_of_era = shifted - era * 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month_from_march = (5 * day_of_year + 2) / 153;
  int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  int64_t year = year_of_era + era * 400 + (month <= 2);
  printf("%04" PRId64 "-%02" PRId64 "-%02" PRId64, year, month, day);
}

/* Ticks of 10^-digits seconds since 1970. */
static void print_timestamp(int64_t ticks, int digits) {
  int64_t per_second = 1;
  for (int digit = 0; digit < digits; digit++) per_second *= 10;
  int64_t second = ticks / per_second;
  int64_t rest = ticks % per_second;
  if (rest < 0) {
    second -= 1;
    rest += per_second;
  }
  int64_t days = second / 86400;
  second %= 86400;
  if (second < 0) {
    days -= 1;
    second += 86400;
  }
  print_date(days);
  printf("T%02" PRId64 ":%02" PRId64 ":%02" PRId64, second / 3600, second / 60 % 60, second % 60);
  if (digits > 0) printf(".%0*" PRId64, digits, rest);
}

/* What a type's parameters say: a scale; digits of a second, and 100 more where there is a zone. */
static void read_parameters(const char *dtype, int *parameters) {
  char unit[3] = "", next = 0;
  sscanf(dtype, "\"decimal(%*d,%d)", parameters);
  if (sscanf(dtype, "\"timestamp(%2[mnus]%c", unit, &next) == 2) {
    *parameters = (unit[0] == 'm' ? 3 : unit[0] == 'u' ? 6 : unit[0] == 'n' ? 9 : 0);
    if (next == ',') *parameters += 100;
  }
}

static void print_float(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) bits = UINT64_C(0x7ff8000000000000);
  printf("%016" PRIx64, bits);
}

static void print_float32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value != value) bits = UINT32_C(0x7fc00000);
  printf("%08" PRIx32, bits);
}

/* 128 bits, the lower half first, as a number with `scale` digits behind the point. */
static void print_decimal(const uint64_t *words, int scale) {
  unsigned __int128 size = (unsigned __int128)words[1] << 64 | words[0];
  int is_negative = (int)(words[1] >> 63);
  char text[48];
  int at = (int)sizeof text;
  if (is_negative) size = -size;
  for (int digits = 0; size != 0 || digits <= scale; digits++) {
    if (digits == scale && scale > 0) text[--at] = '.';
    text[--at] = (char)('0' + (int)(size % 10));
    size /= 10;
  }
  printf("%s%.*s", is_negative ? "-" : "", (int)sizeof text - at, text + at);
}

static void print_cell(const pardox_view *view, int scale, int64_t row) {
  if (view->validity != NULL && (view->validity[row / 8] >> (row % 8) & 1) == 0) {
    printf("null");
    return;
  }
  // Lists and structs come as JSON text, which the suite reads.
  if (view->dtype == PARDOX_DTYPE_UTF8 || view->dtype == PARDOX_DTYPE_DICTIONARY ||
      view->dtype == PARDOX_DTYPE_LIST || view->dtype == PARDOX_DTYPE_STRUCT) {
    int is_coded = view->dtype == PARDOX_DTYPE_DICTIONARY;
    int64_t value = is_coded ? ((const int32_t *)view->values)[row] : row;
    int32_t start = view->offsets[value];
    print_text((const char *)view->text + start, view->offsets[value + 1] - start);
    return;
  }
  putchar('"');
  switch (view->dtype) {
    case PARDOX_DTYPE_BOOL:
      printf(((const uint8_t *)view->values)[row / 8] >> (row % 8) & 1 ? "true" : "false");
      break;
    case PARDOX_DTYPE_INT64: printf("%" PRId64, ((const int64_t *)view->values)[row]); break;
    case PARDOX_DTYPE_INT8: printf("%" PRId8, ((const int8_t *)view->values)[row]); break;
    case PARDOX_DTYPE_INT16: printf("%" PRId16, ((const int16_t *)view->values)[row]); break;
    case PARDOX_DTYPE_INT32: printf("%" PRId32, ((const int32_t *)view->values)[row]); break;
    case PARDOX_DTYPE_UINT8: printf("%" PRIu8, ((const uint8_t *)view->values)[row]); break;
    case PARDOX_DTYPE_UINT16: printf("%" PRIu16, ((const uint16_t *)view->values)[row]); break;
    case PARDOX_DTYPE_UINT32: printf("%" PRIu32, ((const uint32_t *)view->values)[row]); break;
    case PARDOX_DTYPE_UINT64: printf("%" PRIu64, ((const uint64_t *)view->values)[row]); break;
    case PARDOX_DTYPE_FLOAT32: print_float32(((const float *)view->values)[row]); break;
    case PARDOX_DTYPE_FLOAT64: print_float(((const double *)view->values)[row]); break;
    case PARDOX_DTYPE_DATE: print_date(((const int32_t *)view->values)[row]); break;
    case PARDOX_DTYPE_TIMESTAMP: print_timestamp(((const int64_t *)view->values)[row], 6); break;
    case PARDOX_DTYPE_TIMESTAMP_OF:
      print_timestamp(((const int64_t *)view->values)[row], scale % 100);
      if (scale >= 100) putchar('Z');
      break;
    case PARDOX_DTYPE_DECIMAL:
      print_decimal((const uint64_t *)view->values + 2 * row, scale);
      break;
    default: stop("type %d is not known", view->dtype);
  }
  putchar('"');
}

/*
 * `[{"name":"a","dtype":"int64"}]` becomes `[["a","int64"]]`: of its JSON strings every second is
 * a value, and every second value closes a pair. The scales of decimals are kept.
 */
static void print_schema(const char *json, int64_t length, int *scales) {
  int strings = 0;
  putchar('[');
  for (int64_t at = 0; at < length; at++) {
    if (json[at] != '"') continue;
    int64_t end = at + 1;
    while (end < length && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
    if (strings % 2 == 1) {
      printf(strings % 4 == 1 ? (strings == 1 ? "[" : ",[") : ",");
      fwrite(json + at, 1, (size_t)(end - at + 1), stdout);
      if (strings % 4 == 3) putchar(']');
      if (strings % 4 == 3 && strings / 4 < COLUMNS_MAX) {
        read_parameters(json + at, &scales[strings / 4]);
      }
    }
    strings += 1;
    at = end;
  }
  putchar(']');
}

/* ---- the ABI ---- */

static int32_t print_frame(const char *id, uint64_t frame, pardox_error *error) {
  int64_t row_count, column_count, length;
  const uint8_t *data;
  uint64_t schema = 0, column = 0, columns[COLUMNS_MAX] = {0};
  pardox_view views[COLUMNS_MAX];
  int scales[COLUMNS_MAX] = {0};
  int32_t status = pardox_frame_shape(frame, &row_count, &column_count, error);
  if (status == 0 && column_count > COLUMNS_MAX) stop("%s has too many columns", id);
  if (status == 0) status = pardox_frame_schema(frame, &schema, error);
  if (status == 0) status = pardox_bytes_view(schema, &data, &length, error);
  for (int64_t index = 0; status == 0 && row_count > 0 && index < column_count; index++) {
    views[index].struct_size = sizeof views[index];
    status = pardox_frame_column(frame, index, &column, error);
    if (status == 0) status = pardox_column_rechunk(column, &columns[index], error);
    pardox_release(&column, NULL);
    if (status == 0) status = pardox_column_view(columns[index], 0, &views[index], error);
  }
  if (status == 0) {
    printf("{\"id\":\"%s\",\"ok\":{\"schema\":", id);
    print_schema((const char *)data, length, scales);
    printf(",\"rows\":[");
    for (int64_t row = 0; row < row_count; row++) {
      printf(row == 0 ? "[" : ",[");
      for (int64_t index = 0; index < column_count; index++) {
        if (index > 0) putchar(',');
        print_cell(&views[index], scales[index], row);
      }
      putchar(']');
    }
    printf("]}}\n");
  }
  for (int64_t index = 0; index < COLUMNS_MAX; index++) pardox_release(&columns[index], NULL);
  pardox_release(&schema, NULL);
  return status;
}

static int32_t collect(uint64_t plan, const uint64_t *frames, int64_t frame_count, Text params,
                       uint64_t *frame, pardox_error *error) {
  uint64_t operation = 0;
  int32_t state;
  int32_t status = pardox_collect(plan, frames, frame_count, params.data, params.length, NULL, 0,
                                  &operation, error);
  if (status == 0) status = pardox_operation_wait(operation, WAIT_FOR_EVER, &state, error);
  if (status == 0) status = pardox_operation_result(operation, frame, error);
  pardox_release(&operation, NULL);
  return status;
}

static int32_t answer_text(Text document, Text params, uint64_t *frame, pardox_error *error) {
  uint64_t plan = 0;
  int32_t status = pardox_plan_parse(document.data, document.length, &plan, error);
  if (status == 0) status = collect(plan, NULL, 0, params, frame, error);
  pardox_release(&plan, NULL);
  return status;
}

static int32_t print_canonical(const char *id, uint64_t plan, const uint64_t *frames,
                               int64_t frame_count, pardox_error *error) {
  uint64_t bytes = 0;
  const uint8_t *data;
  int64_t length;
  int32_t status = pardox_plan_canonical(plan, frames, frame_count, &bytes, error);
  if (status == 0) status = pardox_bytes_view(bytes, &data, &length, error);
  if (status == 0) {
    printf("{\"id\":\"%s\",\"canonical\":", id);
    fwrite(data, 1, (size_t)length, stdout);
    printf("}\n");
  }
  pardox_release(&bytes, NULL);
  return status;
}

/* Puts a table that travels with a frame in its place; 0 where there is none. */
static int32_t take_attached(const char *name, uint64_t *frame, pardox_error *error) {
  uint64_t attached = 0;
  int32_t status =
      pardox_frame_attached(*frame, name, (int64_t)strlen(name), &attached, error);
  pardox_release(frame, NULL);
  *frame = attached;
  return status;
}

static int32_t answer(const Request *request, pardox_error *error) {
  const Text no_params = {NULL, 0};
  uint64_t plan = 0, frame = 0, frames[DOCUMENTS_MAX] = {0};
  const Text *document = request->documents;
  int32_t status = 0;
  for (int index = 0; status == 0 && index < request->before_count; index++) {
    status = request->is_canonical ? 0 : answer_text(*document, no_params, &frame, error);
    document += 1;
    pardox_release(&frame, NULL);
  }
  for (int index = 0; status == 0 && index < request->frame_count; index++) {
    status = answer_text(*document++, no_params, &frames[index], error);
  }
  if (status == 0) status = pardox_plan_parse(document->data, document->length, &plan, error);
  if (status == 0 && request->is_canonical) {
    status = print_canonical(request->id, plan, frames, request->frame_count, error);
  } else if (status == 0) {
    status = collect(plan, frames, request->frame_count, request->params, &frame, error);
    if (status == 0 && strcmp(request->want, "result") != 0) {
      status = take_attached(request->want, &frame, error);
    }
    if (status == 0 && frame == 0) {
      printf("{\"id\":\"%s\",\"ok\":{\"schema\":[],\"rows\":[]}}\n", request->id);
    } else if (status == 0) {
      status = print_frame(request->id, frame, error);
    }
  }
  for (int index = 0; index < DOCUMENTS_MAX; index++) pardox_release(&frames[index], NULL);
  pardox_release(&frame, NULL);
  pardox_release(&plan, NULL);
  return status;
}

int main(void) {
  static Request request;
  static pardox_error error;
  error.struct_size = sizeof error;
  while (read_request(&request)) {
    int32_t status = answer(&request, &error);
    if (status != error.status) stop("%s: status %d, error %d", request.id, status, error.status);
    if (status != 0) print_error(request.id, &error);
    fflush(stdout);
    free_request(&request);

    int64_t handle_count, size_bytes;
    pardox_live(&handle_count, &size_bytes, NULL);
    if (handle_count != 0) stop("%s left %" PRId64 " handles", request.id, handle_count);
  }
  return pardox_shutdown(NULL);
}
